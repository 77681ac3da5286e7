import type { CmdletCall } from './change.ts';
import type { Clock } from './clock.ts';
import type { DurableRun } from './durable.ts';
import type { Gate } from './gate.ts';
import type { ProvisioningRequest } from './request.ts';
import type { RequestStore } from './store.ts';

/** What the interpreters of a request need. */
export interface RunServices<World> {
  readonly gate: Gate;
  readonly store: RequestStore;
  readonly clock: Clock;
  readonly policyVersion: string;
  /** The outside of one tenant, for a run: every read is fresh. */
  worldOf(tenant: ProvisioningRequest['tenant'], stillOurs: DurableRun['stillOurs']): World;
  /** The outside of one tenant, for one planning: may answer repeated reads from what was read first. */
  planningWorldOf(tenant: ProvisioningRequest['tenant']): World;
  /** Told about errors nobody expected; the request shows only that an operator is needed. */
  readonly onDefect: (error: unknown) => void;
  /** A call as the line a person would type, for what could not be undone. */
  commandLine(call: CmdletCall): string;
}
