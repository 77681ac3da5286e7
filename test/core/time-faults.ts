import { transition } from '../../src/core/transition.ts';
import { ruth } from './time-model.ts';
import type { TransitionFunction } from './transition-model.ts';

/** Gates with one fault each in how they deal with time, as a careless change could make them. */
export const timeFaults: Readonly<Record<string, TransitionFunction>> = {
  'starts outside the window': (request, event, context) =>
    transition(request, event, withDocument(context, { changeWindows: [always] })),
  'ignores freezes': (request, event, context) => transition(request, event, withDocument(context, { freezes: [] })),
  'reads the window in UTC': (request, event, context) =>
    transition(request, event, withDocument(context, { timeZone: 'UTC' })),
  'does not look at the clock when the run gets its turn': (request, event, context) =>
    transition(
      event.type === 'run-started' ? { ...request, breakGlass: allowed(request.planVersion) } : request,
      event,
      context,
    ),
  'starts after the time to start': (request, event, context) =>
    transition(
      event.type === 'run-started' ? { ...request, clocks: { ...request.clocks, startBy: null } } : request,
      event,
      context,
    ),
  'expires an approval early': (request, event, context) =>
    transition(
      event.type === 'start-expired' && request.clocks.startBy
        ? { ...request, clocks: { ...request.clocks, startBy: context.now.toISOString() } }
        : request,
      event,
      context,
    ),
  'forgets to ask for the run': (request, event, context) =>
    transition(
      event.type === 'confirmed' ? { ...request, clocks: { ...request.clocks, starts: 1 } } : request,
      event,
      context,
    ),
  'takes “nobody can tell” for a no': (request, event, context) =>
    transition(
      request,
      event.type === 'start-unclear'
        ? { type: 'plan-refused', outcome: event.outcome, planVersion: request.planVersion }
        : event,
      context,
    ),
  'starts although nobody can tell': (request, event, context) => {
    const result = transition(request, event, context);
    if (event.type !== 'start-unclear' || result.kind !== 'moved') return result;
    return { ...result, request: { ...result.request, clocks: { ...result.request.clocks, hold: null } } };
  },
  'tells again and again that nobody can tell': (request, event, context) =>
    transition({ ...request, clocks: { ...request.clocks, unclearSince: null } }, event, context),
  'reminds again': (request, event, context) => {
    const result = transition(request, event, context);
    if (event.type !== 'remind' || result.kind !== 'moved') return result;
    return { ...result, request: { ...result.request, clocks: { ...result.request.clocks, remindedTo: null } } };
  },
  'reminds in quiet hours': (request, event, context) =>
    transition(request, event, event.type === 'remind' ? withDocument(context, { quietHours: null }) : context),
  'asks the next ring early': (request, event, context) =>
    transition(
      event.type === 'widen'
        ? { ...request, clocks: { ...request.clocks, awaitedSince: '2026-10-24T00:00:00.000Z' } }
        : request,
      event,
      context,
    ),
  'asks a ring again and again': (request, event, context) => {
    const result = transition(request, event, context);
    if (event.type !== 'widen' || result.kind !== 'moved') return result;
    return { ...result, request: { ...result.request, clocks: { ...result.request.clocks, widened: 0 } } };
  },
  'lets anybody break the glass': (request, event, context) =>
    transition(request, event.type === 'break-glass' ? { ...event, actor: ruth } : event, context),
  'breaks the glass without a reason': (request, event, context) =>
    transition(request, event.type === 'break-glass' ? { ...event, reason: 'because it is so' } : event, context),
  'breaks the glass quietly': (request, event, context) => {
    const result = transition(request, event, context);
    if (event.type !== 'break-glass' || result.kind !== 'moved') return result;
    return { ...result, effects: result.effects.filter(({ kind }) => kind !== 'notice') };
  },
  'breaks the glass off the record': (request, event, context) => {
    const result = transition(request, event, context);
    return event.type === 'break-glass' && result.kind === 'moved' ? { ...result, audit: null } : result;
  },
  'breaks the glass although the policy lets nobody': (request, event, context) =>
    transition(
      request,
      event,
      event.type === 'break-glass'
        ? withDocument(context, { breakGlass: { people: [], groups: [], answerWithinHours: 4 } })
        : context,
    ),
  'changes the approval policy in an emergency': (request, event, context) => {
    if (event.type !== 'break-glass' || !request.plan) return transition(request, event, context);
    const result = transition({ ...request, plan: { ...request.plan, changes: [] } }, event, context);
    return result.kind === 'moved' ? { ...result, request: { ...result.request, plan: request.plan } } : result;
  },
  'takes the answer before it has ended': (request, event, context) => {
    const result = transition(event.type === 'answer' ? { ...request, state: 'undone' } : request, event, context);
    return event.type === 'answer' && result.kind === 'moved'
      ? { ...result, request: { ...result.request, state: request.state } }
      : result;
  },
  'lets people review themselves': (request, event, context) =>
    transition(
      event.type === 'review' && request.breakGlass
        ? { ...request, breakGlass: { ...request.breakGlass, by: { ...request.breakGlass.by, objectId: 'x' } } }
        : request,
      event,
      context,
    ),
  'takes a review before the answer': (request, event, context) =>
    transition(
      event.type === 'review' && request.breakGlass
        ? { ...request, breakGlass: { ...request.breakGlass, answer: { text: 'x', at: 'x' } } }
        : request,
      event,
      context,
    ),
  'forgets when to look next': (request, event, context) => {
    const result = transition(request, event, context);
    if (result.kind !== 'moved') return result;
    return { ...result, request: { ...result.request, clocks: { ...result.request.clocks, nextDue: null } } };
  },
  'starts a run twice under one name': (request, event, context) => {
    const result = transition(request, event, context);
    if (result.kind !== 'moved') return result;
    return { ...result, request: { ...result.request, clocks: { ...result.request.clocks, starts: 1 } } };
  },
};

const always = { days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '00:00', to: '00:00' } as const;

type Context = Parameters<TransitionFunction>[2];

/** The policy keeps its version, so that only the fault shows. */
function withDocument(context: Context, changes: object): Context {
  const { policy } = context;
  return { ...context, policy: { ...policy, document: { ...policy.document, ...changes } } };
}

function allowed(planVersion: number): Parameters<TransitionFunction>[0]['breakGlass'] {
  const at = '2026-10-24T20:00:00.000Z';
  return { by: ruth, at, reason: 'x', planVersion, digest: 'x', answerBy: at, answer: null, review: null, reminded: 0 };
}
