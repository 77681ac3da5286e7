/** A person of the home tenant as its directory knows them. */
export interface DirectoryPerson {
  /** Entra object id, lower case. */
  readonly objectId: string;
  /** Only for reading. */
  readonly name: string;
  /** Whether the account was invited from elsewhere. */
  readonly isGuest: boolean;
  /** Whether the account may sign in. */
  readonly isEnabled: boolean;
}

/**
 * People and groups of the home tenant. Errors: `TenantAccessError` (a permission is missing), `RejectedError` (no such
 * group, or one that is too large), `ThrottledError` and `UnavailableError` (try later).
 */
export interface GroupDirectory {
  /** Everybody in a group, also through groups inside it; guests and disabled accounts too, marked as such. */
  membersOf(groupId: string, signal?: AbortSignal): Promise<readonly DirectoryPerson[]>;
  /** Null for an id that nobody has. */
  person(objectId: string, signal?: AbortSignal): Promise<DirectoryPerson | null>;
}
