import fc from 'fast-check';
import type { Actor } from '../../src/core/person.ts';
import { type Outcome, openRequest, type ProvisioningRequest } from '../../src/core/request.ts';
import type { GateContext, RequestEvent, Transition } from '../../src/core/request-event.ts';
import { dora, rita } from '../support/people.ts';
import { deciders, decideWithinSeconds, humanOf, type PlanName, people, planOf, policies } from './transition-house.ts';
import { rules } from './transition-rules.ts';

export type TransitionFunction = (
  request: ProvisioningRequest,
  event: RequestEvent,
  context: GateContext,
) => Transition;

/** What the stories are about; other events have models or tests of their own. */
type Told =
  | 'planned'
  | 'plan-refused'
  | 'approve'
  | 'deny'
  | 'cancel'
  | 'stop'
  | 'expire'
  | 'confirmed'
  | 'policy-changed'
  | 'look-again'
  | 'run-started'
  | 'superseded'
  | 'step'
  | 'proof'
  | 'completed'
  | 'undone'
  | 'undo-failed';

/** One thing that happens: what, by whom, and how the card's data differs from what the card really carries. */
interface Happening {
  /** `next`: what the state of the request waits for. */
  readonly type: Told | 'next';
  readonly actor: Actor;
  /** `same`: what the request is about already. */
  readonly plan: PlanName | 'same';
  readonly digest: 'current' | 'full' | 'other' | 'short' | 'none';
  readonly nonce: 'current' | 'first' | 'wrong';
  readonly signIn: 'none' | 'fresh' | 'old';
  /** Who of the approvers has lost their ring by the time it is asked again. */
  readonly lost: readonly Actor[];
  /** The policy that comes into force before; null: the present one stays. */
  readonly policy: number | null;
  /** Whether the policy has changed while the plan was being made. */
  readonly isOld: boolean;
  /** Seconds that pass before. */
  readonly pause: number;
}

const outcome: Outcome = { code: 'x', message: 'x', next: '', left: [] };

/** Mostly the first value, now and then one of the others. */
function mostly<Value>(weight: number, usual: Value, ...others: readonly Value[]): fc.Arbitrary<Value> {
  return fc.oneof({ weight, arbitrary: fc.constant(usual) }, fc.constantFrom(...others));
}

const happening = (type: fc.Arbitrary<Happening['type']>): fc.Arbitrary<Happening> =>
  fc.record({
    type,
    actor: fc.oneof(
      { weight: 2, arbitrary: fc.constantFrom(...deciders) },
      { weight: 1, arbitrary: fc.constantFrom(...people) },
    ),
    plan: mostly<Happening['plan']>(6, 'same', 'a', 'b', 'grave', 'empty'),
    digest: mostly<Happening['digest']>(9, 'current', 'full', 'other', 'short', 'none'),
    nonce: mostly<Happening['nonce']>(8, 'current', 'first', 'wrong'),
    signIn: fc.constantFrom<Happening['signIn']>('none', 'fresh', 'old'),
    lost: fc.oneof(fc.constant([]), fc.subarray([...people])),
    policy: mostly<number | null>(14, null, 0, 1, 2, 3),
    isOld: mostly<boolean>(14, false, true),
    pause: mostly(9, 1, decideWithinSeconds - 5, decideWithinSeconds),
  });

const anyType: fc.Arbitrary<Told> = fc.constantFrom(
  'planned',
  'plan-refused',
  'approve',
  'deny',
  'cancel',
  'stop',
  'expire',
  'confirmed',
  'policy-changed',
  'look-again',
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
      { weight: 12, arbitrary: happening(fc.constant('next')) },
      { weight: 3, arbitrary: happening(fc.constantFrom<Told>('approve', 'policy-changed', 'superseded')) },
      { weight: 1, arbitrary: happening(fc.constant('deny')) },
      { weight: 2, arbitrary: happening(anyType) },
    ),
    { maxLength: 24, size: 'max' },
  )
  .chain((rest) =>
    fc
      .tuple(happening(fc.constant<Told>('planned')), fc.constantFrom<PlanName>('a', 'a', 'grave', 'grave', 'empty'))
      .map(([first, plan]) => [{ ...first, plan }, ...rest]),
  );

/**
 * Plays random stories. Gives the first rule that is broken, with the shortest story that breaks it, or null. A planted
 * fault needs no shortest story, which takes longer to find than the fault: `shortest` false.
 */
export function brokenRule(
  transition: TransitionFunction,
  numRuns: number,
  { shortest } = { shortest: true },
): string | null {
  const requesters = fc.constantFrom(rita, dora);
  const start = fc.nat({ max: policies.length - 1 });
  const property = fc.property(requesters, start, story, (requester, policy, happenings) =>
    play(transition, requester, policy, happenings),
  );
  const { failed, errorInstance, counterexample } = fc.check(property, { numRuns, endOnFailure: !shortest });
  if (!failed) return null;
  const told = counterexample?.[2].map(({ type, actor, plan, digest, nonce, signIn, policy, pause }) =>
    [type, actor.name, plan, digest, nonce, signIn, policy, pause].join(' '),
  );
  return `${String(errorInstance)}\npolicy ${counterexample?.[1]}\n${told?.join('\n')}`;
}

function play(
  transition: TransitionFunction,
  requester: Actor,
  firstPolicy: number,
  happenings: readonly Happening[],
): void {
  const wanted = { id: 'R-22222222', workflow: 'w', version: 1, title: 't', tenant: { id: 't', name: 'contoso' } };
  let now = Date.parse('2026-11-21T09:00:00.000Z');
  let request = openRequest({ ...wanted, input: {}, requester, conversation: 'c' }, 'nonce-0', new Date(now));
  let policy = policies[firstPolicy];
  const started = new Set<string>();
  const meddlers = new Set<string>();
  happenings.forEach((each, index) => {
    now += each.pause * 1000;
    policy = each.policy === null ? policy : policies[each.policy];
    if (!policy) throw new Error('there is no such policy');
    const context = { now: new Date(now), policy, nonce: `nonce-${index + 1}` };
    const event = eventOf(each, request, context);
    const result = transition(request, event, context);
    for (const rule of rules) rule({ before: request, event, context, result, started, meddlers });
    if (result.kind !== 'moved') return;
    const isUnderAnother = request.plan !== null && result.request.plan?.policy !== request.plan.policy;
    if (isUnderAnother && policy.changedBy) meddlers.add(humanOf(policy.changedBy));
    request = result.request;
  });
}

function eventOf(happening: Happening, request: ProvisioningRequest, context: GateContext): RequestEvent {
  const { actor, plan, digest, nonce, lost } = happening;
  const type = happening.type === 'next' ? nextOf(request) : happening.type;
  switch (type) {
    case 'approve':
    case 'deny': {
      const freshSignInAt = signedIn(happening, context.now);
      const vote = { digest: digestFor(digest, request), nonce: nonceFor(nonce, request) };
      return { type, actor: { ...actor, freshSignInAt }, ...vote };
    }
    case 'planned':
    case 'confirmed':
    case 'superseded':
      return { type, plan: planOf(plan === 'same' ? nameOf(request) : plan, madeUnder(happening, context)) };
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
    case 'run-started':
      return { type, approvers: people.map((one) => (lost.includes(one) ? { ...one, rings: [] } : one)) };
    case 'expire':
    case 'policy-changed':
    case 'look-again':
      return { type };
  }
}

function nextOf({ state }: ProvisioningRequest): Told {
  const waitsFor: Partial<Record<typeof state, Told>> = {
    planning: 'planned',
    'awaiting-approval': 'approve',
    confirming: 'confirmed',
    approved: 'run-started',
    running: 'completed',
  };
  return waitsFor[state] ?? 'approve';
}

/** Version of the policy that was in force when the plan was made. */
function madeUnder({ isOld }: Happening, { policy }: GateContext): string {
  const another = policies.find(({ version }) => version !== policy.version);
  return isOld ? (another?.version ?? '') : policy.version;
}

/** What the plan of a request is called here. */
function nameOf({ plan }: ProvisioningRequest): PlanName {
  const after = plan?.changes[0]?.fields[0]?.after;
  return after === 'b' || after === 'grave' ? after : 'a';
}

function signedIn({ signIn }: Happening, now: Date): string | null {
  if (signIn === 'none') return null;
  return new Date(now.getTime() - (signIn === 'fresh' ? 60_000 : 3_600_000)).toISOString();
}

function digestFor(which: Happening['digest'], { plan }: ProvisioningRequest): string {
  const current = plan?.digest ?? 'f'.repeat(64);
  const another = planOf(plan?.changes[0]?.fields[0]?.after === 'a' ? 'b' : 'a', plan?.policy ?? '');
  return {
    current: current.slice(0, 16),
    full: current,
    other: another.digest.slice(0, 16),
    short: current.slice(0, 15),
    none: '',
  }[which];
}

function nonceFor(which: Happening['nonce'], request: ProvisioningRequest): string {
  return { current: request.nonce, first: 'nonce-0', wrong: 'wrong' }[which];
}
