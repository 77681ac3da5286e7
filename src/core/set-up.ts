/**
 * Health of one set-up. `settling` has a deadline; `proven` was established by a probe; `degraded` was disproved;
 * `unknown` could not be established either way and is never shown as good.
 */
export type Health = 'planned' | 'applying' | 'settling' | 'proven' | 'degraded' | 'unknown';

/** A gateway in front of one tenant, as we set it up: what later requests about the tenant start from. */
export interface SetUp {
  readonly tenantId: string;
  /** The accepted domain the set-up was asked for, lower case. */
  readonly domain: string;
  /** Key of the gateway in the catalogue. */
  readonly gateway: string;
  /** Version of the gateway's entry in the catalogue that the addresses were taken from. */
  readonly gatewayVersion: string;
  /** Name of the inbound connector that carries our mark. */
  readonly connector: string;
  /** The connector's Guid, by which it is known whatever it is called; unknown until a run began with the connector there. */
  readonly guid?: string;
  /** IPv4 addresses and ranges the gateway delivers from. */
  readonly ranges: readonly string[];
  /** Regular expressions (source text) that the gateway's MX host names match. */
  readonly mxPatterns: readonly string[];
  readonly locked: boolean;
  readonly health: Health;
}
