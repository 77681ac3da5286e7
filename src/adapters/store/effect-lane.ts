import type { Effect } from '../../core/store.ts';

/**
 * Effects of one request keep their order within a lane. Two lanes, so that Teams being down never holds up the start
 * or the stop of a run.
 */
export type Lane = 'engine' | 'chat';

export const lanes: readonly Lane[] = ['engine', 'chat'];

/** An effect that goes through the outbox; plans and set-ups are written at once, in the transaction of their request. */
export type LaterEffect = Exclude<Effect, { readonly kind: 'plan' | 'set-up' }>;

const chatKinds: readonly LaterEffect['kind'][] = ['card', 'notice', 'consent'];

export function laneOf(effect: LaterEffect): Lane {
  return chatKinds.includes(effect.kind) ? 'chat' : 'engine';
}
