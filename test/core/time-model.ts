import fc from 'fast-check';
import { isBroken } from '../../src/core/break-glass.ts';
import { timeEvents } from '../../src/core/due.ts';
import type { Actor } from '../../src/core/person.ts';
import { samePerson } from '../../src/core/person.ts';
import { type ApprovalPolicy, approvalPolicy, type PolicyDocument } from '../../src/core/policy/approval-policy.ts';
import { isWithin } from '../../src/core/policy/calendar.ts';
import { isOpen, openRequest, type ProvisioningRequest } from '../../src/core/request.ts';
import type { GateContext, RequestEvent, Transition } from '../../src/core/request-event.ts';
import { ada, ben, eve, rita } from '../support/people.ts';
import { policyDocument } from '../support/policy.ts';
import { planUnder } from './time-plan.ts';
import type { TransitionFunction } from './transition-model.ts';

const minute = 60_000;
/** May start alone, and may decide as well. */
export const ruth: Actor = {
  ...ada,
  name: 'Ruth',
  objectId: '11111111-0000-4000-8000-000000000019',
  roles: ['approver', 'break-glass'],
};

interface Happening {
  readonly type: RequestEvent['type'];
  readonly actor: Actor;
  /** Minutes that pass before. */
  readonly pause: number;
  readonly hasReason: boolean;
}

const night = { days: ['sat', 'sun'], from: '01:30', to: '02:30' } satisfies PolicyDocument['changeWindows'][number];

/** Berlin in the night its clocks are put back, with everything that time can do, close together. */
const policyOf = (changes: Partial<PolicyDocument>): ApprovalPolicy => {
  const usual = policyDocument();
  const rule = { ...usual.rules.high, rings: ['approvers', 'leads', 'board'], widenAfterMinutes: 20 };
  return approvalPolicy({
    ...usual,
    timeZone: 'Europe/Berlin',
    rings: { ...usual.rings, leads: { people: [], groups: [] }, board: { people: [], groups: [] } },
    rules: { none: rule, normal: rule, high: { ...rule, inChangeWindow: true } },
    decideWithinMinutes: 120,
    startWithinMinutes: 90,
    remindBeforeMinutes: [60, 30, 5],
    changeWindows: [night],
    breakGlass: { people: [ruth.objectId], groups: [], answerWithinHours: 4 },
    ...changes,
  });
};

const freeze = { from: '2026-10-25T00:45:00.000Z', to: '2026-10-25T01:10:00.000Z', reason: 'Quarter end' };
const quiet = { days: ['sat', 'sun'], from: '22:50', to: '23:20' } satisfies PolicyDocument['quietHours'];
const policies = [
  policyOf({}),
  policyOf({ freezes: [freeze] }),
  policyOf({ quietHours: quiet }),
  policyOf({ changeWindows: [], freezes: [{ ...freeze, to: '2026-10-25T06:00:00.000Z' }] }),
  policyOf({ breakGlass: null }),
];

const types: readonly RequestEvent['type'][] = [
  ...timeEvents,
  'approve',
  'confirmed',
  'run-started',
  'superseded',
  'break-glass',
  'answer',
  'review',
  'look-again',
];

const happening = (type: fc.Arbitrary<RequestEvent['type']>): fc.Arbitrary<Happening> =>
  fc.record({
    type,
    actor: fc.constantFrom(ada, ben, ruth, ruth, rita, eve),
    pause: fc.constantFrom(0, 1, 5, 10, 30, 60, 240),
    hasReason: fc.boolean(),
  });

const approved: readonly Happening[] = [
  { type: 'approve', actor: ada, pause: 0, hasReason: true },
  { type: 'confirmed', actor: ada, pause: 0, hasReason: true },
];
const broken: readonly Happening[] = [{ type: 'break-glass', actor: ruth, pause: 0, hasReason: true }];

const waiting: readonly Happening[] = [{ type: 'look-again', actor: ada, pause: 60, hasReason: true }];

/** Most things happen to a request that waits, is approved or was started in an emergency: many stories begin there. */
const story = fc
  .tuple(
    fc.constantFrom([], waiting, approved, approved, broken),
    fc.array(
      fc.oneof(
        { weight: 3, arbitrary: happening(fc.constantFrom('approve', 'confirmed', 'start-due', 'run-started')) },
        { weight: 1, arbitrary: happening(fc.constantFrom('break-glass', 'answer', 'review')) },
        { weight: 2, arbitrary: happening(fc.constantFrom(...types)) },
      ),
      { minLength: 1, maxLength: 12 },
    ),
  )
  .map(([beginning, rest]) => [...beginning, ...rest]);

/** Before the window, in it, in its last minutes, between its two parts, and in the second part. */
const beginnings = fc.constantFrom('20:00', '20:00', '23:20', '24:20', '24:40', '25:05').map((clock) => {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return Date.UTC(2026, 9, 24, hours, minutes);
});

/** Plays random stories around a night in which clocks change. Gives the first rule that is broken, or null. */
export function brokenTimeRule(transition: TransitionFunction, numRuns: number): string | null {
  const property = fc.property(fc.constantFrom(...policies), beginnings, story, (policy, start, happenings) => {
    play(transition, policy, start, happenings);
  });
  const { failed, errorInstance, counterexample } = fc.check(property, { numRuns });
  if (!failed) return null;
  const told = counterexample?.[2].map(({ type, actor, pause }) => `${type} ${actor.name} +${pause}`);
  return `${String(errorInstance)}\n${told?.join('\n')}`;
}

interface Seen {
  readonly before: ProvisioningRequest;
  readonly event: RequestEvent;
  readonly context: GateContext;
  readonly result: Transition;
  /** Ids of everything people were told. */
  readonly told: Set<string>;
}

function play(
  transition: TransitionFunction,
  policy: ApprovalPolicy,
  start: number,
  happenings: readonly Happening[],
): void {
  const wanted = { id: 'R-22222222', workflow: 'w', version: 1, title: 't', tenant: { id: 't', name: 'contoso' } };
  let now = start;
  let request = openRequest({ ...wanted, input: {}, requester: rita, conversation: 'c' }, 'nonce-0', new Date(now));
  const told = new Set<string>();
  const first: Happening = { type: 'planned', actor: rita, pause: 0, hasReason: true };
  [first, ...happenings].forEach((each, index) => {
    now += each.pause * minute;
    const event = eventOf(each, request, policy);
    const context = { now: new Date(now), policy, nonce: `nonce-${index + 1}` };
    const result = transition(request, event, context);
    for (const rule of rules) rule({ before: request, event, context, result, told });
    if (result.kind === 'moved') request = result.request;
  });
}

function eventOf(
  { type, actor, hasReason }: Happening,
  request: ProvisioningRequest,
  policy: ApprovalPolicy,
): RequestEvent {
  const digest = request.plan?.digest ?? '';
  switch (type) {
    case 'approve':
      return { type, actor, digest, nonce: request.nonce };
    case 'planned':
    case 'confirmed':
      return { type, plan: planUnder(policy, 'a') };
    case 'superseded':
      return { type, plan: planUnder(policy, `b${request.planVersion}`) };
    case 'run-started':
      return { type, approvers: [ada, ben, ruth] };
    case 'break-glass':
      return { type, actor, digest, reason: 'Mail of the whole company stands still'.slice(0, hasReason ? 99 : 5) };
    case 'answer':
      return { type, actor, text: 'It was locked out and is open again' };
    case 'review':
      return { type, actor, verdict: 'accepted', text: '' };
    default:
      return { type } as RequestEvent;
  }
}

function insist(holds: boolean, rule: string): void {
  if (!holds) throw new Error(`broken rule: ${rule}`);
}

/** What must hold whatever happens and whenever, stated independently of how it is built. */
const rules: readonly ((seen: Seen) => void)[] = [
  ({ before, result, context }) => {
    if (result.kind !== 'moved' || result.request.state !== 'running' || before.state === 'running') return;
    const { document } = context.policy;
    const { startBy } = before.clocks;
    insist(startBy !== null && Date.parse(startBy) > context.now.getTime(), 'nothing starts after its time');
    if (isBroken(before)) return;
    const open = document.changeWindows.some((hours) => isWithin(hours, document.timeZone, context.now));
    insist(open, 'nothing starts outside a change window');
    const frozen = document.freezes.some(
      ({ from, to }) => Date.parse(from) <= context.now.getTime() && context.now.getTime() < Date.parse(to),
    );
    insist(!frozen, 'nothing starts in a freeze');
  },
  ({ before, result, context }) => {
    if (result.kind !== 'moved' || !result.effects.some((one) => one.kind === 'start' && one.call.id.includes(':run:')))
      return;
    const { document } = context.policy;
    const open = document.changeWindows.some((hours) => isWithin(hours, document.timeZone, context.now));
    insist(open || isBroken(result.request), 'a run is asked for in the window only');
    insist(before.clocks.starts + 1 === result.request.clocks.starts, 'every start has a name of its own');
  },
  ({ event, result, told }) => {
    if (result.kind !== 'moved') return;
    for (const effect of result.effects) {
      if (effect.kind !== 'notice') continue;
      insist(!told.has(effect.id), `nobody is told twice: ${event.type}`);
      told.add(effect.id);
    }
  },
  ({ before, event, context, result }) => {
    if (event.type !== 'remind' || result.kind !== 'moved') return;
    const { document } = context.policy;
    const left = Date.parse(before.decideBy ?? '') - context.now.getTime();
    insist(before.state === 'awaiting-approval' && left <= 60 * minute, 'reminders come when a rung is reached');
    const quietNow = document.quietHours !== null && isWithin(document.quietHours, document.timeZone, context.now);
    // The decision is due 22:00 UTC, which is within these quiet hours, or before they end.
    if (quietNow) insist(dueInQuiet(before, document), 'nobody is reminded in quiet hours');
    const rungs = (request: ProvisioningRequest) =>
      document.remindBeforeMinutes.filter((one) => {
        const at = Date.parse(request.decideBy ?? '') - one * minute;
        return at > Date.parse(request.clocks.remindedTo ?? '1970-01-01T00:00:00Z');
      }).length;
    insist(rungs(result.request) < rungs(before), 'every rung is used once');
    insist(result.effects.filter(({ kind }) => kind === 'notice').length > 0, 'a reminder is told');
  },
  ({ before, event, context, result }) => {
    if (event.type !== 'widen' || result.kind !== 'moved') return;
    const since = Date.parse(before.clocks.awaitedSince ?? '');
    const widened = result.request.clocks.widened;
    insist(widened === before.clocks.widened + 1 && widened <= 2, 'one ring more is asked, and none that is not there');
    insist(context.now.getTime() >= since + widened * 20 * minute, 'the next ring is asked when its time has come');
  },
  ({ before, event, context, result }) => {
    if (result.kind !== 'moved' || result.request.state !== 'expired' || before.state === 'expired') return;
    const by = event.type === 'expire' ? before.decideBy : before.clocks.startBy;
    insist(by !== null && Date.parse(by) <= context.now.getTime(), 'nothing expires early');
    insist(
      event.type === 'expire'
        ? before.state === 'awaiting-approval'
        : before.state === 'approved' || before.state === 'confirming',
      'an undecided request expires by one clock, an approved one by the other',
    );
  },
  ({ before, event, context, result }) => {
    if (event.type !== 'break-glass' || result.kind !== 'moved') return;
    const { document } = context.policy;
    insist(document.breakGlass !== null, 'break-glass needs a policy that allows it');
    insist(event.actor.roles.includes('break-glass'), 'break-glass needs its role');
    insist(event.reason.trim().length >= 10, 'break-glass needs a reason');
    insist(before.state === 'awaiting-approval' || before.state === 'approved', 'break-glass needs a plan that waits');
    const to = result.effects.flatMap((one) => (one.kind === 'notice' && one.notice.urgent ? [one.audience] : []));
    insist(
      ['thread', 'requester', 'operators'].every((one) => to.some((other) => other === one)),
      'break-glass is loud',
    );
    insist(result.audit?.action === 'break-glass', 'break-glass is on record');
    const left = result.request.breakGlass;
    insist(left !== null && left.answer === null && left.review === null, 'break-glass is to be answered for');
  },
  ({ before, event, result }) => {
    if (result.kind !== 'moved' || result.request.state !== 'running' || before.state === 'running') return;
    const approved = result.request.decisions.some(({ verdict, voided }) => verdict === 'approve' && !voided);
    insist(approved || isBroken(before), 'a run was approved, or started in an emergency');
    insist(event.type === 'run-started', 'only a run starts');
  },
  ({ before, event, result }) => {
    if (event.type !== 'review' || result.kind !== 'moved') return;
    const by = before.breakGlass?.by;
    insist(by !== undefined && !samePerson(event.actor, by), 'nobody reviews an own emergency start');
    insist(
      before.breakGlass?.answer != null && before.breakGlass.review === null,
      'what was answered is reviewed once',
    );
  },
  ({ before, event, result }) => {
    if (event.type !== 'answer' || result.kind !== 'moved') return;
    const by = before.breakGlass?.by;
    insist(by !== undefined && samePerson(event.actor, by), 'everybody answers for themselves');
    insist(before.breakGlass?.answer === null, 'an answer is given once');
  },
  ({ result, context }) => {
    if (result.kind !== 'moved') return;
    const { state, clocks, decideBy } = result.request;
    const waits = state === 'awaiting-approval' ? decideBy : state === 'approved' ? clocks.startBy : null;
    if (waits !== null) {
      insist(clocks.nextDue !== null && clocks.nextDue <= waits, 'whoever waits is looked at before its time is up');
    }
    insist(clocks.duePolicy === context.policy.version, 'what is due is worked out by the policy in force');
    const isOwed = result.request.breakGlass !== null && result.request.breakGlass.review === null;
    if (!isOpen(state) && !isOwed) insist(clocks.nextDue === null, 'nothing is due after the end');
  },
];

function dueInQuiet(request: ProvisioningRequest, document: PolicyDocument): boolean {
  const decideBy = new Date(Date.parse(request.decideBy ?? '') - 1);
  return document.quietHours !== null && isWithin(document.quietHours, document.timeZone, decideBy);
}
