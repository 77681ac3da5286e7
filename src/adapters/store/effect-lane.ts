import type { Effect } from '../../core/store.ts';

/**
 * Effects of one request keep their order within a lane. Two lanes, so that Teams being down never holds up the start
 * or the stop of a run.
 */
export type Lane = 'engine' | 'chat';

export const lanes: readonly Lane[] = ['engine', 'chat'];

/** An effect that goes through the outbox; set-ups are written at once, in the transaction of their request. */
export type LaterEffect = Exclude<Effect, { readonly kind: 'set-up' }>;

export function laneOf(effect: LaterEffect): Lane {
  return effect.kind === 'card' || effect.kind === 'notice' ? 'chat' : 'engine';
}
