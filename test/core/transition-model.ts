import fc from 'fast-check';
import type { Change } from '../../src/core/change.ts';
import { type Actor, samePerson } from '../../src/core/person.ts';
import { type Plan, sealPlan } from '../../src/core/plan.ts';
import { isOpen, type Outcome, openRequest, type ProvisioningRequest } from '../../src/core/request.ts';
import type { GateContext, RequestEvent, Transition } from '../../src/core/request-event.ts';
import { runCall } from '../../src/core/transitions/run-call.ts';
import { ada, ben, dora, eve, omar, rita } from '../support/people.ts';

export type TransitionFunction = (
  request: ProvisioningRequest,
  event: RequestEvent,
  context: GateContext,
) => Transition;

/** One thing that happens: what, by whom, and how the card's data differs from what the card really carries. */
interface Happening {
  readonly type: RequestEvent['type'];
  readonly actor: Actor;
  readonly plan: Plan;
  readonly digest: 'current' | 'full' | 'other' | 'short' | 'none';
  readonly nonce: 'current' | 'first' | 'wrong';
  /** Seconds that pass before. */
  readonly pause: number;
}

const people = [rita, omar, ada, ben, dora, eve];
const decideWithinSeconds = 600;
const outcome: Outcome = { code: 'x', message: 'x', next: '', left: [] };
const plans = [planWith('a'), planWith('b'), planWith(null)];

function planWith(value: string | null): Plan {
  const change: Change = {
    step: 'Set-InboundConnector',
    object: { kind: 'InboundConnector', identity: 'x' },
    action: value === null ? 'no-op' : 'update',
    title: 'change x',
    fields: [{ field: 'Comment', before: '', after: value }],
    call: value === null ? null : { cmdlet: 'Set-InboundConnector', parameters: { Identity: 'x', Comment: value } },
    inverse: null,
    irreversible: 'a test',
    risky: false,
  };
  return sealPlan(
    {
      workflow: 'w',
      version: 1,
      tenant: { id: 't', name: 'contoso' },
      title: 'plan',
      facts: {},
      changes: [change],
      guards: [],
      proofs: [],
      warnings: [],
      untouched: [],
      blastRadius: [],
      madeAt: '2026-11-21T09:00:00.000Z',
    },
    { requester: rita, policyVersion: 'p' },
  );
}

const happening = (type: fc.Arbitrary<RequestEvent['type']>): fc.Arbitrary<Happening> =>
  fc.record({
    type,
    actor: fc.constantFrom(...people),
    plan: fc
      .oneof({ weight: 5, arbitrary: fc.constant(plans[0]) }, fc.constantFrom(...plans))
      .map((plan) => plan ?? planWith('a')),
    digest: fc.oneof(
      { weight: 6, arbitrary: fc.constant('current' as const) },
      fc.constantFrom('full' as const, 'other' as const, 'short' as const, 'none' as const),
    ),
    nonce: fc.oneof(
      { weight: 5, arbitrary: fc.constant('current' as const) },
      fc.constantFrom('first' as const, 'wrong' as const),
    ),
    pause: fc.oneof(
      { weight: 6, arbitrary: fc.constant(1) },
      fc.constantFrom(decideWithinSeconds - 5, decideWithinSeconds),
    ),
  });

const anyType: fc.Arbitrary<RequestEvent['type']> = fc.constantFrom(
  'planned',
  'plan-refused',
  'approve',
  'deny',
  'cancel',
  'stop',
  'expire',
  'confirmed',
  'run-started',
  'superseded',
  'step',
  'proof',
  'completed',
  'undone',
  'undo-failed',
);

/** Mostly the usual course of a request, with anything in between. */
const story: fc.Arbitrary<Happening[]> = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: happening(fc.constantFrom('planned', 'approve', 'confirmed', 'run-started')) },
      { weight: 2, arbitrary: happening(fc.constantFrom('approve', 'approve', 'deny', 'superseded')) },
      { weight: 2, arbitrary: happening(anyType) },
    ),
    { maxLength: 40 },
  )
  .chain((rest) => happening(fc.constant('planned')).map((first) => [first, ...rest]));

/** Plays random stories. Gives the first rule that is broken, with the shortest story that breaks it, or null. */
export function brokenRule(transition: TransitionFunction, numRuns: number): string | null {
  const property = fc.property(fc.constantFrom(rita, dora), story, (requester, happenings) =>
    play(transition, requester, happenings),
  );
  const { failed, errorInstance, counterexample } = fc.check(property, { numRuns });
  if (!failed) return null;
  const told = counterexample?.[1].map(({ type, actor, digest, nonce, pause }) =>
    [type, actor.name, digest, nonce, pause].join(' '),
  );
  return `${String(errorInstance)}\n${told?.join('\n')}`;
}

function play(transition: TransitionFunction, requester: Actor, happenings: readonly Happening[]): void {
  const wanted = { id: 'R-22222222', workflow: 'w', version: 1, title: 't', tenant: { id: 't', name: 'contoso' } };
  const opened = { ...wanted, input: {}, requester, conversation: 'c' };
  let now = Date.parse('2026-11-21T09:00:00.000Z');
  let request = openRequest(opened, 'nonce-0', new Date(now));
  const started = new Set<string>();
  happenings.forEach((each, index) => {
    now += each.pause * 1000;
    const event = eventOf(each, request);
    const context = {
      now: new Date(now),
      policy: { version: 'p', decideWithinSeconds },
      nonce: `nonce-${index + 1}`,
    };
    const result = transition(request, event, context);
    for (const rule of rules) rule({ before: request, event, context, result, started });
    if (result.kind === 'moved') request = result.request;
  });
}

function eventOf({ type, actor, plan, digest, nonce }: Happening, request: ProvisioningRequest): RequestEvent {
  switch (type) {
    case 'approve':
    case 'deny':
      return { type, actor, digest: digestFor(digest, request), nonce: nonceFor(nonce, request) };
    case 'planned':
    case 'confirmed':
    case 'superseded':
      return { type, plan };
    case 'plan-refused':
    case 'undone':
      return { type, outcome };
    case 'undo-failed':
      return { type, outcome, setUp: null };
    case 'cancel':
    case 'stop':
      return { type, actor };
    case 'step':
      return { type, index: 0, status: 'done' };
    case 'completed':
      return { type, outcome, setUp: null, proof: 'proven' };
    case 'proof': {
      const proof = { title: 'p', settlesAt: '', deadline: '', attempts: 1, agreeing: 0, needed: 2, lastFact: '' };
      return { type, index: 0, proof: { ...proof, status: 'proving' } };
    }
    case 'expire':
    case 'run-started':
      return { type };
  }
}

function digestFor(which: Happening['digest'], { plan }: ProvisioningRequest): string {
  const current = plan?.digest ?? 'f'.repeat(64);
  const other = plans.find(({ digest }) => digest !== current)?.digest ?? '';
  return {
    current: current.slice(0, 16),
    full: current,
    other: other.slice(0, 16),
    short: current.slice(0, 15),
    none: '',
  }[which];
}

function nonceFor(which: Happening['nonce'], request: ProvisioningRequest): string {
  return { current: request.nonce, first: 'nonce-0', wrong: 'wrong' }[which];
}

interface Seen {
  readonly before: ProvisioningRequest;
  readonly event: RequestEvent;
  readonly context: GateContext;
  readonly result: Transition;
  /** Runs that were started, by id. */
  readonly started: Set<string>;
}

function insist(holds: boolean, rule: string): void {
  if (!holds) throw new Error(`broken rule: ${rule}`);
}

/** What must hold whatever happens, stated independently of how it is built. */
const rules: readonly ((seen: Seen) => void)[] = [
  ({ before, result }) => {
    if (result.kind !== 'moved') return;
    insist(isOpen(before.state), 'nothing leaves a final state');
    insist(result.request.revision === before.revision + 1, 'the revision grows by one');
  },
  ({ before, event, context, result }) => {
    if (result.kind !== 'moved' || (event.type !== 'approve' && event.type !== 'deny')) return;
    insist(before.state === 'awaiting-approval', 'votes count only while a decision is awaited');
    insist(event.actor.roles.includes('approver'), 'only approvers vote');
    insist(!samePerson(event.actor, before.requester), 'nobody votes on an own request');
    insist(event.digest.length >= 16 && before.plan?.digest.startsWith(event.digest) === true, 'votes name the plan');
    insist(event.nonce === before.nonce, 'votes come from the current card');
    insist(before.decideBy !== null && Date.parse(before.decideBy) > context.now.getTime(), 'votes come in time');
    const decision = result.request.decisions.at(-1);
    insist(decision?.digest === before.plan?.digest && decision?.voided === false, 'the decision records the plan');
  },
  ({ before, event, result }) => {
    if (event.type === 'approve' || event.type === 'deny' || result.kind !== 'moved') return;
    insist(result.request.decisions.length === before.decisions.length, 'only votes are decisions');
  },
  ({ before, result, event, started }) => {
    if (result.kind !== 'moved' || result.request.state !== 'running' || before.state === 'running') {
      insist(
        !(event.type === 'run-started' && result.kind === 'moved' && before.state === 'running'),
        'a run starts once',
      );
      return;
    }
    const id = runCall(before).id;
    insist(before.state === 'approved' && event.type === 'run-started', 'runs start when approved');
    insist(!started.has(id), 'a plan runs once');
    started.add(id);
    insist(approvedByAnother(result.request), 'a run has an approval of exactly its plan by another approver');
  },
  ({ before, event, context, result }) => {
    if (event.type !== 'expire' || result.kind !== 'moved') return;
    insist(before.state === 'awaiting-approval', 'only undecided requests expire');
    insist(before.decideBy !== null && Date.parse(before.decideBy) <= context.now.getTime(), 'nothing expires early');
  },
  ({ before, event, context, result }) => {
    const due = before.decideBy !== null && Date.parse(before.decideBy) <= context.now.getTime();
    if (event.type === 'expire' && before.state === 'awaiting-approval' && due)
      insist(result.kind === 'moved', 'what is due expires');
  },
  ({ before, result }) => {
    if (result.kind !== 'moved' || result.request.plan?.digest === before.plan?.digest) return;
    insist(['planning', 'confirming', 'approved'].includes(before.state), 'a plan changes only before its run');
    insist(result.request.nonce !== before.nonce, 'a new plan comes with a new card');
    insist(
      result.request.decisions.every(({ voided }) => voided),
      'a new plan voids the decisions',
    );
    insist(result.request.state === 'awaiting-approval', 'a new plan awaits a decision');
  },
  ({ before, event, result }) => {
    if (event.type !== 'superseded' || result.kind !== 'moved' || result.request.state !== 'awaiting-approval') return;
    insist(
      result.request.decisions.every(({ voided }) => voided),
      'superseding voids the decisions',
    );
    insist(result.request.planVersion === before.planVersion + 1, 'superseding makes a new version of the plan');
  },
  ({ before, event, result }) => {
    if ((event.type !== 'cancel' && event.type !== 'stop') || result.kind !== 'moved') return;
    const allowed = samePerson(event.actor, before.requester) || event.actor.roles.includes('approver');
    insist(allowed, 'only the requester or an approver ends a request');
  },
  ({ before, event, result }) => {
    if (event.type !== 'approve' && event.type !== 'deny') return;
    const voted = before.decisions.some(
      (one) =>
        samePerson(one.by, event.actor) &&
        one.verdict === event.type &&
        !one.voided &&
        one.digest.startsWith(event.digest),
    );
    if (voted)
      insist(result.kind === 'refused' && result.code === 'already', 'the same vote again is already recorded');
  },
];

function approvedByAnother({ decisions, plan, requester }: ProvisioningRequest): boolean {
  return decisions.some(
    ({ verdict, by, digest, voided }) =>
      verdict === 'approve' &&
      !voided &&
      digest === plan?.digest &&
      !samePerson(by, requester) &&
      people.some((person) => samePerson(person, by) && person.roles.includes('approver')),
  );
}
