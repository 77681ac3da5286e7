import type { CmdletCall, ObjectRef } from './change.ts';
import type { Clock } from './clock.ts';
import type { Confirmations } from './confirming.ts';
import type { DurableRun } from './durable.ts';
import type { Gate } from './gate.ts';
import type { PolicySource } from './policy/policy-source.ts';
import type { RoleSource } from './policy/role-source.ts';
import type { ProvisioningRequest } from './request.ts';
import type { RequestStore, SetUpStore } from './store.ts';
import type { Workflow } from './workflow.ts';

/** How old the reads of a plan may be: asked for from now on, or also a moment ago by the same process. */
export type ReadAge = 'new' | 'recent';

/** The outside of one tenant as a run sees it. Both write alike, and every write makes all reads before it old. */
export interface RunWorlds<World> {
  /** Every read is asked anew. */
  readonly fresh: World;
  /** The same; and beside the first read, the object that the next write is about is read, so that it is known then. */
  readonly readingBack: (next: ObjectRef | null) => World;
  /** What the same process asked a few real seconds ago, and before no write of ours, is not asked again. */
  readonly recent: World;
}

/** What the interpreters of a request need. */
export interface RunServices<World> {
  readonly gate: Gate;
  readonly confirmations: Pick<Confirmations, 'once'>;
  /** The workflow of this name in its present version, by which plans are made; undefined when this program has none. */
  find(name: string): Workflow<World> | undefined;
  readonly store: RequestStore;
  readonly setUps: Pick<SetUpStore, 'ofTenant'>;
  readonly clock: Clock;
  readonly policies: PolicySource;
  /** Asked again at the start of a run for everybody who approved. */
  readonly roles: RoleSource;
  /** The outside of one tenant, for a run. */
  worldsOf(tenant: ProvisioningRequest['tenant'], stillOurs: DurableRun['stillOurs']): RunWorlds<World>;
  /** The outside of one tenant, for one planning: one picture, in which nothing is asked twice. */
  planningWorldOf(tenant: ProvisioningRequest['tenant'], age: ReadAge): World;
  /** Told about errors nobody expected; the request shows only that an operator is needed. */
  readonly onDefect: (error: unknown) => void;
  /** A call as the line a person would type, for what could not be undone. */
  commandLine(call: CmdletCall): string;
}
