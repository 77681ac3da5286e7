/** A customer tenant we manage. */
export interface ManagedTenant {
  /** Entra tenant id, a lower-case GUID. */
  readonly id: string;
  /** Short name used in chat. */
  readonly name: string;
}

/** Which tenant a domain belongs to, by exact name. */
export type DomainOwner =
  | { readonly kind: 'found'; readonly tenant: ManagedTenant }
  | {
      readonly kind: 'unknown';
      /** Every domain of every tenant that could be read: for "did you mean". */
      readonly known: readonly string[];
      /** Tenants that could not be read, with the reason as a sentence. */
      readonly unreadable: readonly { readonly tenant: ManagedTenant; readonly reason: string }[];
    };

/** The accepted domains of all managed tenants, kept in memory and read again when a name is not found. */
export interface TenantDirectory {
  ownerOf(domain: string): Promise<DomainOwner>;
  /** Reads all tenants again. */
  refresh(signal?: AbortSignal): Promise<void>;
}
