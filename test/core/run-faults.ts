import type { Person } from '../../src/core/person.ts';
import type { ProvisioningRequest } from '../../src/core/request.ts';
import type { RequestEvent, Transition } from '../../src/core/request-event.ts';
import { transition } from '../../src/core/transition.ts';
import { oskar } from './run-model.ts';
import type { TransitionFunction } from './transition-model.ts';

/** The gate, told that somebody else asks for some things; the audit then says who really did. */
function anybodyMay(...types: readonly RequestEvent['type'][]): TransitionFunction {
  return (request, event, context) => {
    if (!types.includes(event.type) || !('actor' in event)) return transition(request, event, context);
    const by: Person = event.actor;
    const result = transition(request, { ...event, actor: { ...event.actor, roles: oskar.roles } }, context);
    return result.audit ? { ...result, audit: { ...result.audit, actor: by } } : result;
  };
}

/** The gate told something else about the request. */
function misled(type: RequestEvent['type'], change: (request: ProvisioningRequest) => Partial<ProvisioningRequest>) {
  return (...[request, event, context]: Parameters<TransitionFunction>): Transition =>
    transition(event.type === type ? { ...request, ...change(request) } : request, event, context);
}

type Moved = Extract<Transition, { kind: 'moved' }>;

/** The gate, and then something else made of what it did. */
function spoilt(types: readonly RequestEvent['type'][], spoil: (moved: Moved, before: ProvisioningRequest) => Moved) {
  return (...[request, event, context]: Parameters<TransitionFunction>): Transition => {
    const result = transition(request, event, context);
    return result.kind === 'moved' && types.includes(event.type) ? spoil(result, request) : result;
  };
}

const withRequest = (moved: Moved, change: Partial<ProvisioningRequest>): Moved => ({
  ...moved,
  request: { ...moved.request, ...change },
});

const without = (moved: Moved, kind: Moved['effects'][number]['kind']): Moved => ({
  ...moved,
  effects: moved.effects.filter((effect) => effect.kind !== kind),
});

const ends: readonly RequestEvent['type'][] = ['completed', 'undone', 'undo-failed'];

/** Gates with one fault each, as a careless change could make them. */
export const runFaults: Readonly<Record<string, TransitionFunction>> = {
  'lets anybody pause': anybodyMay('pause'),
  'lets anybody resume': anybodyMay('resume', 'retry'),
  'lets anybody hold': anybodyMay('hold'),
  'lets anybody release': anybodyMay('release'),
  'does not tell the run of a pause': spoilt(['pause'], (moved) => without(moved, 'message')),
  'does not tell the run that it may go on': spoilt(['resume', 'retry'], (moved) => without(moved, 'message')),
  'uses the key of a letter again': spoilt(['pause', 'resume'], (moved, { id }) => ({
    ...moved,
    effects: moved.effects.map((one) => (one.kind === 'message' ? { ...one, key: `${id}:look` } : one)),
  })),
  'lets the deadline run on during a standstill': spoilt(['resume', 'retry'], (moved, { proofs }) =>
    withRequest(moved, { proofs }),
  ),
  'lets the taking back come nearer during a standstill': spoilt(['resume', 'retry'], (moved, { takeBack }) =>
    withRequest(moved, { takeBack }),
  ),
  'takes back what somebody holds': misled('take-back', ({ takeBack }) => ({
    takeBack: takeBack && { ...takeBack, hold: null },
  })),
  'takes back early': misled('take-back', ({ takeBack }) => ({
    takeBack: takeBack && { ...takeBack, at: '2026-01-01T00:00:00.000Z' },
  })),
  'takes back without a word': spoilt(['overdue'], (moved) => without(moved, 'notice')),
  'never takes back': (request, event, context) =>
    event.type === 'take-back'
      ? { kind: 'refused', code: 'wrong-state', reason: '', audit: null }
      : transition(request, event, context),
  'lets people hold what is being taken back': misled('hold', ({ takeBack }) => ({
    takeBack: takeBack && { ...takeBack, begun: false },
  })),
  'forgets who holds': spoilt(['hold'], (moved, { requester }) => {
    const { takeBack } = moved.request;
    if (!takeBack?.hold) return moved;
    const hold = { ...takeBack.hold, by: { ...requester, objectId: 'x' } };
    return withRequest(moved, { takeBack: { ...takeBack, hold } });
  }),
  'takes back at once when it is released': spoilt(['release'], (moved, { takeBack }) =>
    withRequest(moved, { takeBack: takeBack && { ...takeBack, hold: null } }),
  ),
  'stays paused when it is stopped': spoilt(['stop', 'cancel'], (moved, { pause }) => withRequest(moved, { pause })),
  'keeps the pause of what has ended': spoilt(ends, (moved, { pause }) => withRequest(moved, { pause })),
  'threatens after the end': spoilt(ends, (moved, { takeBack }) => withRequest(moved, { takeBack })),
  'does not count the tries to undo': misled('retry', ({ state }) => (state === 'undo-failed' ? { undoTries: 0 } : {})),
  'tries to undo what is done': misled('retry', ({ state }) => (state === 'done' ? { state: 'undo-failed' } : {})),
  'cancels an undo': misled('cancel', ({ state }) => (state === 'undoing' ? { state: 'running' } : {})),
  'gives the card new buttons for a pause': spoilt(['pause'], (moved) => withRequest(moved, { nonce: 'other' })),
  'does not keep the error it met': spoilt(['paused'], (moved) => {
    const { pause } = moved.request;
    return withRequest(moved, { pause: pause && { ...pause, code: null } });
  }),
  'tells nobody that it is stuck': spoilt(['paused'], (moved) => without(moved, 'notice')),
  'waits for a person although it is to stop': misled('paused', () => ({ stopRequestedBy: null })),
  'does not audit a hold': spoilt(['hold'], (moved) => ({ ...moved, audit: null })),
};
