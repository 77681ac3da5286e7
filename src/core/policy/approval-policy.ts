import { z } from 'zod/v4';
import { digestOf, type Json } from '../json.ts';
import type { Person } from '../person.ts';

/**
 * How much a plan can hurt. `none`: nothing is written at all, so the request ends without a decision and the rule for
 * it is never asked; a policy names it so that every risk has a rule. `normal`: it can be taken back before
 * anybody notices. `high`: mail may stop, or be let in, the moment it acts.
 */
export type Risk = 'none' | 'normal' | 'high';

const objectId = z.guid().toLowerCase();

/** People by object id of the home tenant, and groups whose members count as if they were listed. */
const circle = z.strictObject({ people: z.array(objectId).default([]), groups: z.array(objectId).default([]) });

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as 22:30');
const days = z.array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])).min(1);

/** A stretch of the week in the policy's time zone; one that ends before it begins ends on the next day. */
const hours = z.strictObject({ days, from: timeOfDay, to: timeOfDay });

const rule = z.strictObject({
  /** Names of the rings that may decide, the one that is asked first in front. */
  rings: z.array(z.string()).min(1),
  /** How many different people must approve. */
  quorum: z.int().min(1).max(5),
  /** Minutes after which the next ring is asked too. */
  widenAfterMinutes: z.int().min(1).default(60),
  /** Whether a click is enough, or an approver has to sign in afresh, or that only where fewer than two approve. */
  proofOfPerson: z.enum(['click', 'fresh-sign-in', 'fresh-sign-in-or-two']),
  /** Whether it may start in a change window only. */
  inChangeWindow: z.boolean().default(false),
});

/**
 * Who decides on what, when, and how surely. Kept as data; a change of it is itself a request that somebody else
 * approves.
 */
export const approvalPolicySchema = z.strictObject({
  /** IANA name, such as Europe/Berlin: of the hours and windows below. */
  timeZone: z.string().default('UTC'),
  requesters: circle,
  /** May pause, resume, retry, hold and stop runs. */
  operators: circle,
  rings: z.record(z.string().regex(/^[a-z][a-z0-9-]{0,30}$/), circle),
  rules: z.strictObject({ none: rule, normal: rule, high: rule }),
  /** From the plan to the expiry of an undecided request. */
  decideWithinMinutes: z.int().min(1).max(43_200),
  /** From the approval to the latest start of the run. */
  startWithinMinutes: z.int().min(1).max(43_200),
  /** How long before the decision is due the approvers are reminded. */
  remindBeforeMinutes: z.array(z.int().min(1)).max(5),
  /** When nobody is reminded and no ring is widened. */
  quietHours: hours.nullable(),
  changeWindows: z.array(hours),
  /** When nothing starts, however well approved; ISO times. */
  freezes: z.array(z.strictObject({ from: z.iso.datetime(), to: z.iso.datetime(), reason: z.string().min(1) })),
  /**
   * Who may start a run alone in an emergency, other than one that changes this policy, and how soon they must answer
   * for it; null: nobody.
   */
  breakGlass: circle.extend({ answerWithinHours: z.int().min(1).max(168) }).nullable(),
  /** Object ids of second accounts and whose they are: one person counts once. */
  owners: z.record(objectId, objectId),
});

/** A policy as it is stored and shown. */
export type PolicyDocument = z.infer<typeof approvalPolicySchema>;

/** Who decides on plans of one risk. */
export type PolicyRule = PolicyDocument['rules'][Risk];

/** The policy that is in force. */
export interface ApprovalPolicy {
  /** Named in the digest of every plan made under it. */
  readonly version: string;
  readonly document: PolicyDocument;
  /** Who asked for its last change; null when it was made from the configuration. */
  readonly changedBy: Person | null;
}

/** A document as the policy in force. */
export function approvalPolicy(
  document: PolicyDocument,
  changedBy: ApprovalPolicy['changedBy'] = null,
): ApprovalPolicy {
  return { version: policyVersionOf(document), document, changedBy };
}

/** Who decides on plans of this risk. */
export function ruleFor({ rules }: PolicyDocument, risk: Risk): PolicyRule {
  return rules[risk];
}

/** A name of the policy that changes with any change of it: a plan approved under one is not approved under another. */
export function policyVersionOf(document: PolicyDocument): string {
  return `policy-${digestOf(document as Json).slice(0, 16)}`;
}
