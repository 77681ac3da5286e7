import fc from 'fast-check';
import { timeEvents } from '../../src/core/due.ts';
import type { Actor } from '../../src/core/person.ts';
import { type ApprovalPolicy, approvalPolicy, type PolicyDocument } from '../../src/core/policy/approval-policy.ts';
import { openRequest, type ProvisioningRequest } from '../../src/core/request.ts';
import type { RequestEvent } from '../../src/core/request-event.ts';
import { runCall } from '../../src/core/transitions/run-call.ts';
import { ada, ben, eve, rita } from '../support/people.ts';
import { policyDocument } from '../support/policy.ts';
import { planUnder } from './time-plan.ts';
import { timeRules } from './time-rules.ts';
import type { TransitionFunction } from './transition-model.ts';

const minute = 60_000;
/** May start alone, and may decide as well. */
export const ruth: Actor = {
  ...ada,
  name: 'Ruth',
  objectId: '11111111-0000-4000-8000-000000000019',
  roles: ['approver', 'break-glass'],
};

/** Under which policy a story plays, and what kind of object its plans change. */
interface Story {
  readonly policy: ApprovalPolicy;
  readonly kind: string;
}

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
  'start-unclear',
  'superseded',
  'break-glass',
  'answer',
  'review',
  'undone',
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
const ended: readonly Happening[] = [
  ...broken,
  { type: 'confirmed', actor: ruth, pause: 0, hasReason: true },
  { type: 'run-started', actor: ruth, pause: 0, hasReason: true },
  { type: 'undone', actor: ruth, pause: 0, hasReason: true },
];
const answered: readonly Happening[] = [...ended, { type: 'answer', actor: ruth, pause: 0, hasReason: true }];

const unclear = {
  type: 'start-unclear',
  outcome: { code: 'unavailable', message: 'Nobody can tell.', next: '', left: [] },
} as const;

const waiting: readonly Happening[] = [{ type: 'look-again', actor: ada, pause: 60, hasReason: true }];
/** The first rung of the reminders; of a request made at 20:00 it lies in the quiet hours. */
const reminded: readonly Happening[] = [{ type: 'remind', actor: ada, pause: 60, hasReason: true }];

/** Most things happen to a request that waits, is approved or was started in an emergency: many stories begin there. */
const story = fc
  .tuple(
    fc.constantFrom([], waiting, reminded, approved, approved, broken, ended, answered),
    fc.array(
      fc.oneof(
        {
          weight: 3,
          arbitrary: happening(fc.constantFrom('approve', 'confirmed', 'start-due', 'start-unclear', 'run-started')),
        },
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

/**
 * Plays random stories around a night in which clocks change. Gives the first rule that is broken, with the shortest
 * story that breaks it, or null. A planted fault needs no shortest story: `shortest` false.
 */
export function brokenTimeRule(
  transition: TransitionFunction,
  numRuns: number,
  { shortest } = { shortest: true },
): string | null {
  const about = fc.record({
    policy: fc.constantFrom(...policies),
    kind: fc.constantFrom('InboundConnector', 'InboundConnector', 'ApprovalPolicy'),
  });
  const property = fc.property(about, beginnings, story, (about, start, happenings) => {
    play(transition, about, start, happenings);
  });
  const { failed, errorInstance, counterexample } = fc.check(property, { numRuns, endOnFailure: !shortest });
  if (!failed) return null;
  const told = counterexample?.[2].map(({ type, actor, pause }) => `${type} ${actor.name} +${pause}`);
  return `${String(errorInstance)}\n${told?.join('\n')}`;
}

function play(
  transition: TransitionFunction,
  { policy, kind }: Story,
  start: number,
  happenings: readonly Happening[],
): void {
  const wanted = { id: 'R-22222222', workflow: 'w', version: 1, title: 't', tenant: { id: 't', name: 'contoso' } };
  let now = start;
  let request = openRequest({ ...wanted, input: {}, requester: rita, conversation: 'c' }, 'nonce-0', new Date(now));
  const told = new Set<string>();
  const runs = new Set<string>();
  const first: Happening = { type: 'planned', actor: rita, pause: 0, hasReason: true };
  [first, ...happenings].forEach((each, index) => {
    now += each.pause * minute;
    const event = eventOf(each, request, { policy, kind });
    const context = { now: new Date(now), policy, nonce: `nonce-${index + 1}` };
    const result = transition(request, event, context);
    for (const rule of timeRules) rule({ before: request, event, context, result, told, runs });
    if (result.kind === 'moved') request = result.request;
  });
}

function eventOf(
  { type, actor, hasReason }: Happening,
  request: ProvisioningRequest,
  { policy, kind }: Story,
): RequestEvent {
  const { plan, nonce } = request;
  const digest = plan?.digest ?? '';
  switch (type) {
    case 'approve':
      return { type, actor, digest, nonce };
    case 'planned':
    case 'confirmed':
      return { type, plan: planUnder(policy, 'a', kind) };
    case 'undone':
      return { type, outcome: { code: 'x', message: 'x', next: '', left: [] } };
    case 'superseded':
      return { type, plan: planUnder(policy, `b${request.planVersion}`, kind) };
    case 'run-started':
      return { type, approvers: [ada, ben, ruth] };
    case 'start-unclear':
      return request.state === 'approved' ? { ...unclear, runId: runCall(request).id } : unclear;
    case 'break-glass':
      return {
        type,
        actor,
        digest,
        nonce,
        reason: 'Mail of the whole company stands still'.slice(0, hasReason ? 99 : 5),
      };
    case 'answer':
      return { type, actor, text: 'It was locked out and is open again' };
    case 'review':
      return { type, actor, verdict: 'accepted', text: '' };
    default:
      return { type } as RequestEvent;
  }
}
