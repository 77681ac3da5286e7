import type { JsonObject } from './json.ts';

/**
 * What a check saw. `unknown` means it could not be established (time-out, port closed, no right to look):
 * it is never treated as `pass` and never as `fail`.
 */
export interface Finding {
  /** Name of the check. */
  readonly check: string;
  readonly status: 'pass' | 'warn' | 'fail' | 'unknown';
  /** The rule that must hold, as a sentence. */
  readonly rule: string;
  /** What was seen, by whom, and for how long it may stay so, as a sentence. */
  readonly fact: string;
  /** What to do about it and who can do it; empty when nothing has to be done. */
  readonly remedy: string;
  /** The stable part of what was seen. Goes into the digest of a plan, so no times and no counters. */
  readonly evidence: JsonObject;
}

/** One thing that can be looked at, without changing anything. */
export interface Check<Args, World> {
  /** Kebab-case, equals the file name. */
  readonly name: string;
  readonly title: string;
  run(world: World, args: Args, signal?: AbortSignal): Promise<Finding>;
}
