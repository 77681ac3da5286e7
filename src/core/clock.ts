/** Time as the product sees it. In rehearsal it is virtual: faster than the wall clock and able to jump. */
export interface Clock {
  now(): Date;
  /** Resolves once `now()` has reached `at`, also when time jumps past it. Rejects with the signal's reason. */
  until(at: Date, signal?: AbortSignal): Promise<void>;
}

/** `date` moved by a number of seconds. */
export function plusSeconds(date: Date, seconds: number): Date {
  return new Date(date.getTime() + seconds * 1000);
}
