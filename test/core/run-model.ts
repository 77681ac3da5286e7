import fc from 'fast-check';
import type { Actor } from '../../src/core/person.ts';
import { type Outcome, openRequest, type ProofProgress, type ProvisioningRequest } from '../../src/core/request.ts';
import type { GateContext, RequestEvent } from '../../src/core/request-event.ts';
import { ada, eve, omar, person, rita } from '../support/people.ts';
import { testPolicy } from '../support/policy.ts';
import { runRules } from './run-rules.ts';
import { planOf } from './transition-house.ts';
import type { TransitionFunction } from './transition-model.ts';

export const oskar = person('Oskar', '41', 'operator');

/** What happens to a request whose run has begun: what people want of it, and what the run reports. */
type Told =
  | 'pause'
  | 'resume'
  | 'retry'
  | 'hold'
  | 'release'
  | 'stop'
  | 'cancel'
  | 'paused'
  | 'stuck'
  | 'still-paused'
  | 'overdue'
  | 'take-back'
  | 'step'
  | 'proof'
  | 'completed'
  | 'undone'
  | 'undo-failed';

interface Happening {
  readonly type: Told;
  readonly actor: Actor;
  readonly proof: ProofProgress['status'];
  /** Seconds that pass before. */
  readonly pause: number;
}

const policy = testPolicy();
const outcome: Outcome = { code: 'x', message: 'x', next: '', left: [] };
const error = { code: 'tenant-access', message: 'consent lost', next: 'grant it' };

const often: readonly Told[] = [
  'pause',
  'resume',
  'overdue',
  'hold',
  'release',
  'take-back',
  'paused',
  'retry',
  'proof',
];
const seldom: readonly Told[] = [
  'stop',
  'cancel',
  'stuck',
  'still-paused',
  'step',
  'completed',
  'undone',
  'undo-failed',
];

const happening: fc.Arbitrary<Happening> = fc.record({
  type: fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...often) },
    { weight: 2, arbitrary: fc.constantFrom(...seldom) },
  ),
  actor: fc.constantFrom(rita, ada, oskar, oskar, omar, eve),
  proof: fc.constantFrom<ProofProgress['status']>('settling', 'proving', 'overdue', 'proven', 'unknown'),
  pause: fc.constantFrom(1, 60, 900, 7200),
});

/** Plays random stories of runs. Gives the first rule that is broken, with the story that breaks it, or null. */
export function brokenRunRule(transition: TransitionFunction, numRuns: number, shortest = true): string | null {
  const stories = fc.array(happening, { maxLength: 30, size: 'max' });
  const property = fc.property(stories, (happenings) => play(transition, happenings));
  const { failed, errorInstance, counterexample } = fc.check(property, { numRuns, endOnFailure: !shortest });
  if (!failed) return null;
  const told = counterexample?.[0].map(({ type, actor, proof, pause }) => [type, actor.name, proof, pause].join(' '));
  return `${String(errorInstance)}\n${told?.join('\n')}`;
}

function running(now: Date): ProvisioningRequest {
  const wanted = { id: 'R-22222222', workflow: 'w', version: 1, title: 't', tenant: { id: 't', name: 'contoso' } };
  const opened = openRequest({ ...wanted, input: {}, requester: rita, conversation: 'c' }, 'nonce-0', now);
  const steps = [{ title: 's', status: 'waiting' as const }];
  return { ...opened, state: 'running', plan: planOf('a', policy.version), planVersion: 1, steps };
}

function play(transition: TransitionFunction, happenings: readonly Happening[]): void {
  let now = Date.parse('2026-11-21T09:00:00.000Z');
  let request = running(new Date(now));
  const runs = new Set<string>();
  const letters = new Set<string>();
  happenings.forEach((each, index) => {
    now += each.pause * 1000;
    const context: GateContext = { now: new Date(now), policy, nonce: `nonce-${index + 1}` };
    const event = eventOf(each, context.now);
    const result = transition(request, event, context);
    for (const rule of runRules) rule({ before: request, event, context, result, runs, letters });
    if (result.kind !== 'moved') return;
    for (const effect of result.effects) {
      if (effect.kind === 'start') runs.add(effect.call.id);
      if (effect.kind === 'message') letters.add(effect.key);
    }
    request = result.request;
  });
}

function eventOf({ type, actor, proof }: Happening, now: Date): RequestEvent {
  const later = (seconds: number): string => new Date(now.getTime() + seconds * 1000).toISOString();
  switch (type) {
    case 'pause':
    case 'hold':
      return { type, actor, reason: 'because' };
    case 'resume':
    case 'retry':
    case 'release':
    case 'stop':
    case 'cancel':
      return { type, actor };
    case 'paused':
      return { type, error: null };
    case 'stuck':
      return { type: 'paused', error };
    case 'still-paused':
    case 'take-back':
      return { type };
    case 'overdue':
      return { type, index: 0, title: 'p', fact: 'nothing', at: later(900) };
    case 'step':
      return { type, index: 0, status: 'done' };
    case 'proof': {
      const times = { settlesAt: later(60), deadline: later(3600) };
      const progress = { title: 'p', ...times, attempts: 1, agreeing: 0, needed: 2, lastFact: '', status: proof };
      return { type, index: 0, proof: progress };
    }
    case 'completed':
      return { type, outcome, setUp: null, proof: 'proven' };
    case 'undone':
      return { type, outcome };
    case 'undo-failed':
      return { type, outcome, setUp: null };
  }
}
