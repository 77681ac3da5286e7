import { createHash } from 'node:crypto';
import type { BreakGlass } from './break-glass.ts';
import { type Clocks, noClocks } from './clocks.ts';
import type { JsonObject } from './json.ts';
import type { Person } from './person.ts';
import type { Plan, PlanDifference } from './plan.ts';
import { newStanding, type RunStanding } from './standstill.ts';

/**
 * Where a request is in its life.
 * `planning` → `awaiting-approval` → `confirming` (approved, fresh reads are compared) → `approved` → `running`
 * → `done`. Ends: `refused`, `nothing-to-do`, `denied`, `cancelled`, `expired`, `done`, `undone` (failed or stopped,
 * everything taken back), `undo-failed` (a person must finish it, or an operator has it tried again: `undoing`).
 */
export type RequestState =
  | 'planning'
  | 'refused'
  | 'nothing-to-do'
  | 'awaiting-approval'
  | 'denied'
  | 'cancelled'
  | 'expired'
  | 'confirming'
  | 'approved'
  | 'running'
  | 'done'
  | 'undone'
  | 'undo-failed'
  | 'undoing';

/** The states in which something may still happen to a request. */
export const openStates: readonly RequestState[] = [
  'planning',
  'awaiting-approval',
  'confirming',
  'approved',
  'running',
  'undoing',
];

/** Whether something may still happen to the request. */
export function isOpen(state: RequestState): boolean {
  return openStates.includes(state);
}

/** One person's vote on one plan. */
export interface Decision {
  readonly verdict: 'approve' | 'deny';
  readonly by: Person;
  /** ISO time. */
  readonly at: string;
  /** Digest of the plan the person saw. */
  readonly digest: string;
  /** Whether a later change of the tenant, of the policy or of the person's rights took the decision's force away. */
  readonly voided: boolean;
  /** Names of the policy's rings the person belonged to. */
  readonly rings: readonly string[];
  /** ISO time of the person's last fresh sign-in before, null when there was none. */
  readonly signedInAt: string | null;
}

/** How far one change of the running plan is. */
export interface StepProgress {
  readonly title: string;
  readonly status: 'waiting' | 'running' | 'done' | 'already' | 'failed' | 'undoing' | 'undone' | 'not-undone';
}

/** How far the proof after the changes is. */
export interface ProofProgress {
  readonly title: string;
  /** ISO time before which nothing can be seen yet. */
  readonly settlesAt: string;
  /** ISO time at which the proof is given up. */
  readonly deadline: string;
  readonly attempts: number;
  readonly agreeing: number;
  readonly needed: number;
  readonly lastFact: string;
  /** `overdue`: it did not come in time and is looked for further, until the changes are taken back. */
  readonly status: 'settling' | 'proving' | 'overdue' | 'proven' | 'failed' | 'unknown';
}

/** A rule that does not hold and therefore stands in the way. */
export interface Blocker {
  readonly rule: string;
  readonly fact: string;
  readonly remedy: string;
}

/** How a request ended, in words. */
export interface Outcome {
  readonly code: string;
  readonly message: string;
  readonly next: string;
  /** PowerShell lines that a person must run, because undoing failed; empty otherwise. */
  readonly left: readonly string[];
  /** What stood in the way, when rules refused the request. */
  readonly blockers?: readonly Blocker[];
}

/** A request to change a tenant, with everything that has happened to it. */
export interface ProvisioningRequest extends RunStanding {
  /** Short id people type, e.g. `R-7K2QXD`; never used twice. */
  readonly id: string;
  /** Counts changes; a writer must name the revision it read. */
  readonly revision: number;
  readonly state: RequestState;
  readonly workflow: string;
  readonly version: number;
  readonly title: string;
  readonly tenant: { readonly id: string; readonly name: string };
  readonly input: JsonObject;
  readonly requester: Person;
  /** Who beside the requester caused the plan to be as it is, and can therefore not decide on it. */
  readonly editors: readonly Person[];
  /** Where it was asked: the conversation that gets the living card and the notices. */
  readonly conversation: string;
  /** The run of the same tenant that was under way when this was last planned: this one starts after it. */
  readonly behind: RequestRef | null;
  readonly plan: Plan | null;
  /** Counts plans of this request, from 1. */
  readonly planVersion: number;
  /** Random value in the current card's buttons; a new plan gets a new one. */
  readonly nonce: string;
  /** Why the plan is not the one that was shown before; empty for a first plan. */
  readonly differences: readonly PlanDifference[];
  readonly decisions: readonly Decision[];
  /** What is still missing for the approval, in words; empty when nothing is. */
  readonly approvalStanding: string;
  /** ISO time at which an undecided request expires, null while none is running. */
  readonly decideBy: string | null;
  readonly clocks: Clocks;
  /** The latest emergency start by one person alone; null when there was none. */
  readonly breakGlass: BreakGlass | null;
  readonly steps: readonly StepProgress[];
  /** One per proof that has begun, in the order of the plan. */
  readonly proofs: readonly ProofProgress[];
  readonly outcome: Outcome | null;
  readonly stopRequestedBy: Person | null;
  /** ISO times. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

const alphabet = '23456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * The id of the request that one message or one form asks for: eight characters that cannot be mistaken for each other.
 * The same seed gives the same id, so a message that is delivered again cannot open a second request.
 */
export function requestIdFrom(seed: string): string {
  const bytes = createHash('sha256').update(seed).digest().subarray(0, 8);
  return `R-${[...bytes].map((byte) => alphabet[byte % alphabet.length]).join('')}`;
}

/** Whether a text has the shape of a request id, in any case. */
export function looksLikeRequestId(text: string): boolean {
  return /^R-[2-9A-HJKMNP-TV-Z]{8}$/i.test(text);
}

/** A request as another one names it. */
export interface RequestRef {
  readonly id: string;
  readonly workflow: string;
  readonly title: string;
}

/** What a new request is made of. */
export interface NewRequest {
  readonly id: string;
  readonly workflow: string;
  readonly version: number;
  readonly title: string;
  readonly tenant: { readonly id: string; readonly name: string };
  readonly input: JsonObject;
  readonly requester: Person;
  readonly conversation: string;
  /** Default: null. */
  readonly behind?: RequestRef | null;
}

/** A request that waits for its plan. */
export function openRequest(wanted: NewRequest, nonce: string, now: Date): ProvisioningRequest {
  return {
    ...newStanding,
    behind: null,
    ...wanted,
    revision: 1,
    state: 'planning',
    plan: null,
    planVersion: 0,
    nonce,
    differences: [],
    editors: [],
    decisions: [],
    approvalStanding: '',
    decideBy: null,
    clocks: noClocks,
    breakGlass: null,
    steps: [],
    proofs: [],
    outcome: null,
    stopRequestedBy: null,
    createdAt: now.toISOString(),
    updatedAt: now.toISOString(),
  };
}

/** Whether the intent of a step, counted from 0, is on record: there may be something to take back. */
export function hasBegun(request: ProvisioningRequest | null, step: number): boolean {
  const status = request?.steps[step]?.status;
  return status !== undefined && status !== 'waiting';
}
