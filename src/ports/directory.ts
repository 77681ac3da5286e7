/** A right that is still missing in a tenant, and who gives it. The first of them must be given first. */
export interface MissingRight {
  readonly right: 'consent' | 'principal' | 'application-permission' | 'directory-role';
  /** What is missing, as a sentence. */
  readonly what: string;
  /** Who does what about it, as a sentence. */
  readonly next: string;
}

/** How far a tenant has let us in, as its directory tells it. Changes take minutes to hours to show. */
export interface DirectoryAccess {
  /** Rights in the order in which they must be given; empty when everything that can be seen is there. */
  readonly missing: readonly MissingRight[];
  /** Our service principal there; null without consent. */
  readonly principal: { readonly id: string; readonly isEnabled: boolean } | null;
  /** Permissions of Microsoft Graph that were granted, such as `Domain.Read.All`; sorted. */
  readonly graphPermissions: readonly string[];
  /** Roles of the directory by their template ids; null when we may not look, which is the usual case. */
  readonly directoryRoles: readonly string[] | null;
}

/** A domain of the tenant as its directory knows it, whether or not Exchange receives mail for it. */
export interface DirectoryDomain {
  /** Lower case. */
  readonly name: string;
  readonly isVerified: boolean;
  readonly isDefault: boolean;
  readonly isInitial: boolean;
  readonly receivesMail: boolean;
}

/** A DNS record that Microsoft asks for. Names are lower case, without a dot at the end. */
export type WantedRecord =
  | { readonly type: 'MX'; readonly name: string; readonly exchange: string; readonly preference: number }
  | { readonly type: 'TXT'; readonly name: string; readonly text: string }
  | { readonly type: 'CNAME'; readonly name: string; readonly target: string };

/** Which messages to look for: those received between two moments at most ten days apart, within 90 days. */
export interface TraceFilter {
  readonly from: Date;
  readonly to: Date;
  readonly sender?: string;
  readonly recipient?: string;
}

/** One message to one recipient, as the directory's message trace tells it. Addresses are lower case. */
export interface TracedMessage {
  readonly id: string;
  /** The `Message-ID` header. */
  readonly messageId: string;
  /** ISO time in UTC. */
  readonly received: string;
  readonly sender: string;
  readonly recipient: string;
  readonly status: string;
  readonly fromIp: string | null;
  readonly toIp: string | null;
}

/**
 * The directory of exactly one tenant. Errors: `TenantAccessError` (consent or a permission is missing),
 * `ThrottledError` and `UnavailableError` (try later), `RejectedError` (the directory refused the values),
 * `UnknownOutcomeError` (a change whose effect is not known).
 */
export interface DirectoryTenant {
  readonly tenantId: string;
  /** How far we are let in. A missing right is an answer here, not an error. */
  access(signal?: AbortSignal): Promise<DirectoryAccess>;
  domains(signal?: AbortSignal): Promise<readonly DirectoryDomain[]>;
  /** The records for Microsoft's services; the MX among them is where mail for the domain must go. */
  serviceRecords(domain: string, signal?: AbortSignal): Promise<readonly WantedRecord[]>;
  /** The host that Microsoft receives mail for the domain on; null when it names none. */
  mailHost(domain: string, signal?: AbortSignal): Promise<string | null>;
  /** The records that prove to Microsoft that the domain is the tenant's. */
  verificationRecords(domain: string, signal?: AbortSignal): Promise<readonly WantedRecord[]>;
  /** Adds an unverified domain. One that is there already is left as it is. */
  addDomain(domain: string, signal?: AbortSignal): Promise<void>;
  /** Asks Microsoft to look for the verification record; `RejectedError` while it does not find it. */
  verifyDomain(domain: string, signal?: AbortSignal): Promise<void>;
  messageTraces(filter: TraceFilter, signal?: AbortSignal): Promise<readonly TracedMessage[]>;
  /** Removes our service principal with all its rights. Afterwards nothing can be changed in the tenant any more. */
  removePrincipal(signal?: AbortSignal): Promise<'removed' | 'absent'>;
}

/** The directories of the tenants we manage. */
export interface Directory {
  tenant(tenantId: string): DirectoryTenant;
}
