import type { Json } from '../../core/json.ts';

/** What travels on a run's topics: a message for it, or the news that the deadline of its n-th wait has passed. */
export type Letter =
  | { readonly kind: 'message'; readonly message: Json }
  | { readonly kind: 'deadline'; readonly wait: number };
