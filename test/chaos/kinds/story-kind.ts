import type { ProvisioningRequest } from '../../../src/core/request.ts';
import type { ChaosWorld } from '../chaos-world.ts';
import type { TenantKind } from './index.ts';

/** A write as the cloud's journal has it: the cmdlet, and what it made of `Enabled` when it said so. */
export type Write = readonly [cmdlet: string, enabled?: boolean];

/** What somebody may want of the bot, and what one approved run of it may leave behind. */
export interface StoryKind {
  /** The name under which its failpoints are known. */
  readonly workflow: string;
  /** Whose request it is; null: the tenant of its own that each round has. */
  readonly home: string | null;
  /** What the tenant must have gone through before. */
  readonly needs?: TenantKind;
  /** What is said in the channel. */
  readonly phrase: (world: ChaosWorld, tenant: string) => Promise<string>;
  /** Gets the world ready for it. */
  readonly before?: (world: ChaosWorld, tenant: string) => Promise<void>;
  /** What people do between the approval and the end. May be done again after a fault. */
  readonly meanwhile?: (world: ChaosWorld, requestId: string) => Promise<void>;
  /** Takes back what `before` did to the world. */
  readonly after?: (world: ChaosWorld) => Promise<void>;
  readonly state: ProvisioningRequest['state'];
  readonly outcome: string;
  /** What the living card says in the end. */
  readonly headline: string;
  readonly writes: readonly Write[];
  /** Conversation and mark of every notice. */
  readonly notices: readonly string[];
  /** Accepted entries of the audit trail, in order. */
  readonly audit: readonly string[];
  /** Compares what is held and stored with what should be. Gives what is wrong. */
  readonly held: (world: ChaosWorld, request: ProvisioningRequest) => Promise<string[]>;
}
