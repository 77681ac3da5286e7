/** A customer tenant we manage. */
export interface ManagedTenant {
  /** Entra tenant id, a lower-case GUID. */
  readonly id: string;
  /** Short name used in chat. */
  readonly name: string;
  /** Its `….onmicrosoft.com` domain, where it is known. */
  readonly initialDomain?: string;
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
  /** Every tenant an operator named, whether or not it lets us in. */
  managed(): Promise<readonly ManagedTenant[]>;
  ownerOf(domain: string): Promise<DomainOwner>;
  /** Takes note of the accepted domains that were just read in a tenant. */
  learn(tenant: ManagedTenant, domains: readonly string[]): void;
  /** Reads all tenants again. */
  refresh(signal?: AbortSignal): Promise<void>;
}
