import { asJson, digestOf } from './json.ts';
import type { Plan } from './plan.ts';

/** A plan that was put before people to decide on, kept for good. */
export interface KeptPlan {
  readonly requestId: string;
  /** Counts plans of the request, from 1. */
  readonly version: number;
  /** ISO time at which it was put up. */
  readonly at: string;
  readonly plan: Plan;
}

/** Where plans are kept. They are written through the effects of a request, once each, and never changed. */
export interface PlanStore {
  /** All plans of a request, oldest first. */
  ofRequest(requestId: string): Promise<readonly KeptPlan[]>;
}

/** SHA-256 over a whole plan with all its wording, which its digest leaves out. The audit trail names it. */
export function planHash(plan: Plan): string {
  return digestOf(asJson(plan));
}
