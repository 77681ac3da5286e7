/**
 * The rungs between us and a tenant's mail flow, in the order in which they are climbed:
 * - `consent`: an administrator admitted the application (no token without it);
 * - `permission`: the application permission `Exchange.ManageAsApp` (401 without it);
 * - `role`: a directory role for Exchange, or a role group (403 without it);
 * - `read`: Exchange answered with the accepted domains (200).
 */
export type Rung = 'consent' | 'permission' | 'role' | 'read';

/** How high we got in one tenant, as Exchange itself answered just now. */
export interface LadderView {
  /** `yes`: proven; `no`: this is what is missing; `unknown`: not reached, or Microsoft did not answer. */
  readonly rungs: Readonly<Record<Rung, 'yes' | 'no' | 'unknown'>>;
  /** What was found, as a sentence. */
  readonly what: string;
  /** Who does what next, as a sentence; empty when nothing is missing. */
  readonly next: string;
  /** Accepted domains, sorted; empty until they can be read. */
  readonly domains: readonly string[];
  /** What only the directory can tell; a sentence about what is missing there or empty. Mail flow works without it. */
  readonly beside: string;
}

/** Looks how far a tenant lets us in. A missing right is an answer here, never an error. */
export interface AccessLadder {
  climb(tenantId: string, signal?: AbortSignal): Promise<LadderView>;
}
