import type { Actor } from './person.ts';
import type { Plan } from './plan.ts';
import type { Outcome, ProofProgress, ProvisioningRequest, RequestRef, StepProgress } from './request.ts';
import type { SetUp } from './set-up.ts';
import type { AuditEntry, Effect } from './store.ts';
import type { ProofOutcome } from './workflow.ts';

/**
 * Something that happens to a request. Votes carry what the card's button carried; it must match the stored plan.
 * `behind` is the run of the same tenant that was under way when the plan was made; default: none.
 */
export type RequestEvent =
  | { readonly type: 'planned'; readonly plan: Plan; readonly behind?: RequestRef | null }
  | { readonly type: 'plan-refused'; readonly outcome: Outcome }
  | { readonly type: 'approve' | 'deny'; readonly actor: Actor; readonly digest: string; readonly nonce: string }
  | { readonly type: 'cancel' | 'stop'; readonly actor: Actor }
  | { readonly type: 'expire' }
  | { readonly type: 'confirmed'; readonly plan: Plan; readonly behind?: RequestRef | null }
  | { readonly type: 'run-started' }
  | { readonly type: 'superseded'; readonly plan: Plan; readonly behind?: RequestRef | null }
  | { readonly type: 'step'; readonly index: number; readonly status: StepProgress['status'] }
  | { readonly type: 'proof'; readonly index: number; readonly proof: ProofProgress }
  | {
      readonly type: 'completed';
      readonly outcome: Outcome;
      readonly setUp: SetUp | null;
      readonly proof: ProofOutcome;
    }
  | { readonly type: 'undone'; readonly outcome: Outcome }
  | { readonly type: 'undo-failed'; readonly outcome: Outcome; readonly setUp: SetUp | null };

/** What an approval must satisfy. */
export interface ApprovalPolicy {
  /** Named in the digest: a plan approved under one policy is not approved under another. */
  readonly version: string;
  /** Seconds from the plan to the expiry of the request. */
  readonly decideWithinSeconds: number;
}

/** What the gate decided. A refusal changes nothing and says why, in words for the person who tried. */
export type Transition =
  | {
      readonly kind: 'moved';
      readonly request: ProvisioningRequest;
      readonly effects: readonly Effect[];
      readonly audit: AuditEntry | null;
    }
  | {
      readonly kind: 'refused';
      readonly code: RefusalCode;
      readonly reason: string;
      readonly audit: AuditEntry | null;
    };

/** Why the gate refused; `already` means that what was asked for has happened before and nothing is wrong. */
export type RefusalCode = 'not-allowed' | 'own-request' | 'stale' | 'wrong-state' | 'already';

/** What the gate needs to know beside the request and the event. */
export interface GateContext {
  readonly now: Date;
  readonly policy: ApprovalPolicy;
  /** A fresh random value for the next card's buttons. */
  readonly nonce: string;
}

/** The events of some types. */
export type EventOf<Type extends RequestEvent['type']> = Extract<RequestEvent, { type: Type }>;
