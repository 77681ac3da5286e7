import type { Effect } from '../../core/store.ts';

/**
 * Effects of one request keep their order within a lane. Teams being down never holds up the start or the stop of a run,
 * and a card that cannot be finished yet never holds up what comes after it: it goes on aside.
 */
export type Lane = 'engine' | 'chat' | 'aside';

export const lanes: readonly Lane[] = ['engine', 'chat', 'aside'];

/** An effect that goes through the outbox; plans and set-ups are written at once, in the transaction of their request. */
export type LaterEffect = Exclude<Effect, { readonly kind: 'plan' | 'set-up' }>;

const chatKinds: readonly LaterEffect['kind'][] = ['card', 'notice', 'consent'];

export function laneOf(effect: LaterEffect): Lane {
  return chatKinds.includes(effect.kind) ? 'chat' : 'engine';
}
