import type { Review, Reviewed } from './break-glass.ts';
import type { TimeEvent } from './due.ts';
import type { Meanwhile } from './meanwhile.ts';
import type { Actor } from './person.ts';
import type { Plan } from './plan.ts';
import type { ApprovalPolicy } from './policy/approval-policy.ts';
import type { RecordedError } from './recorded.ts';
import type { Outcome, ProofProgress, ProvisioningRequest, RequestRef, StepProgress } from './request.ts';
import type { SetUp } from './set-up.ts';
import type { AuditEntry, Effect } from './store.ts';
import type { ProofOutcome } from './workflow.ts';

/**
 * Something that happens to a request. Votes carry what the card's button carried; it must match the stored plan.
 */
export type RequestEvent =
  | PlanMade<'planned'>
  | PlanRefused
  | { readonly type: 'approve' | 'deny'; readonly actor: Actor; readonly digest: string; readonly nonce: string }
  | { readonly type: 'cancel' | 'stop'; readonly actor: Actor }
  | TimeHasCome
  | StartUnclear
  | Breaking
  | { readonly type: 'answer'; readonly actor: Actor; readonly text: string }
  | {
      readonly type: 'review';
      readonly actor: Actor;
      readonly verdict: Review['verdict'];
      readonly text: string;
    }
  | PlanMade<'confirmed'>
  | RunStarted
  | { readonly type: 'policy-changed' }
  | PlanMade<'superseded'>
  | { readonly type: 'step'; readonly index: number; readonly status: StepProgress['status'] }
  | { readonly type: 'proof'; readonly index: number; readonly proof: ProofProgress }
  | {
      readonly type: 'completed';
      readonly outcome: Outcome;
      readonly setUp: SetUp | null;
      readonly proof: ProofOutcome;
    }
  | { readonly type: 'undone'; readonly outcome: Outcome }
  | {
      readonly type: 'undo-failed';
      readonly outcome: Outcome;
      readonly setUp: SetUp | null;
      /** The set-up as it was before the run; default: there was none. */
      readonly before?: SetUp | null;
    }
  | { readonly type: 'pause'; readonly actor: Actor; readonly reason?: string }
  | { readonly type: 'resume' | 'retry'; readonly actor: Actor }
  | { readonly type: 'hold'; readonly actor: Actor; readonly reason?: string }
  | { readonly type: 'release'; readonly actor: Actor }
  /** The run stands still: as it was asked to, or because of this error. */
  | { readonly type: 'paused'; readonly error: RecordedError | null }
  | { readonly type: 'still-paused' }
  /** A proof did not come in time; `at` is the ISO time at which the changes are taken back. */
  | {
      readonly type: 'overdue';
      readonly index: number;
      readonly title: string;
      readonly fact: string;
      readonly at: string;
    }
  | { readonly type: 'take-back' };

/** One person starts the plan alone; `digest` and `nonce` are those of the plan they read. */
export interface Breaking {
  readonly type: 'break-glass';
  readonly actor: Actor;
  readonly reason: string;
  readonly digest: string;
  readonly nonce: string;
}

/** Time has brought something about; `look-again`: when to look next is to be worked out anew. */
export type TimeHasCome = { readonly [Type in TimeEvent | 'look-again']: { readonly type: Type } }[
  | TimeEvent
  | 'look-again'];

/** A plan was made from fresh reads. */
export interface PlanMade<Type extends string> {
  readonly type: Type;
  readonly plan: Plan;
  /** The run of the same tenant that was under way when it was made; default: none. */
  readonly behind?: RequestRef | null;
  /** Who changed what the plan before it was about; default: nobody of ours. */
  readonly meanwhile?: Meanwhile | null;
  /** Which approved plan it was made to confirm, because another one may have taken its place; default: the present one. */
  readonly planVersion?: number;
}

/** There can be no plan, for a reason in words: no new one, or not the approved one once more. */
export interface PlanRefused {
  readonly type: 'plan-refused';
  readonly outcome: Outcome;
  /** Which approved plan; default: none, it was about a new one. */
  readonly planVersion?: number;
}

/** A run is about to begin. It does only if the people who approved it may still do so. */
export interface RunStarted {
  readonly type: 'run-started';
  /** Everybody who approved, with what they may do now. Whoever is missing here counts for nothing. */
  readonly approvers: readonly Actor[];
  /** Who asked, with what they may do now; default: they may still ask. */
  readonly requester?: Actor;
  /** The plan from the reads before the start; default: the stored one still says everything. */
  readonly plan?: Plan;
  /** Which run it is, because it may be that of an earlier plan that was slow to begin; default: the one awaited. */
  readonly runId?: string;
}

/** Nobody could tell whether the approved plan still holds, or whether its approvers may still approve. */
export interface StartUnclear {
  readonly type: 'start-unclear';
  /** What could not be established, and why. */
  readonly outcome: Outcome;
  /** Which run it is, as in {@link RunStarted}; default: it is the confirmation. */
  readonly runId?: string;
  /** As in {@link PlanMade}; counts for a confirmation. */
  readonly planVersion?: number;
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
export type RefusalCode =
  | 'not-allowed'
  | 'own-request'
  | 'plan-editor'
  | 'sign-in-needed'
  | 'owes-answer'
  | 'reason-needed'
  | 'stale'
  | 'stop-asked'
  | 'wrong-state'
  | 'already';

/** What the gate needs to know beside the request and the event. */
export interface GateContext {
  readonly now: Date;
  readonly policy: ApprovalPolicy;
  /** A fresh random value for the next card's buttons. */
  readonly nonce: string;
  /** Emergency starts the person who acts has not answered for; default: none. */
  readonly debts?: readonly Reviewed[];
}

/** The events of some types. */
export type EventOf<Type extends RequestEvent['type']> = Extract<RequestEvent, { type: Type }>;
