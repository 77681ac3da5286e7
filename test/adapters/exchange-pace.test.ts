import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Breaker } from '../../src/adapters/exchange-online/breaker.ts';
import { Pace } from '../../src/adapters/exchange-online/pace.ts';
import { ThrottledError, UnavailableError } from '../../src/core/errors.ts';
import { FakeClock } from '../support/fake-clock.ts';

/** Seconds until so many calls have got their turn, one after the other. */
async function secondsFor(calls: number, pace: Pace, clock: FakeClock): Promise<number> {
  const before = clock.now().getTime();
  for (let call = 0; call < calls; call += 1) await pace.turn('test', undefined);
  return (clock.now().getTime() - before) / 1000;
}

describe('adapters/exchange-online/pace', () => {
  it('lets a plan be read at once and goes on with two calls a second', async () => {
    const clock = new FakeClock();
    const pace = new Pace(clock);
    expect(await secondsFor(20, pace, clock)).toBe(0);
    expect(await secondsFor(20, pace, clock)).toBeCloseTo(10, 5);
  });

  it('halves its speed at each complaint, and finds back to it while nobody complains', async () => {
    const clock = new FakeClock();
    const pace = new Pace(clock);
    pace.complaint(null);
    expect(await secondsFor(10, pace, clock)).toBeCloseTo(10, 5);
    for (let times = 0; times < 9; times += 1) pace.complaint(null);
    expect(await secondsFor(10, pace, clock)).toBeCloseTo(40, 5);
    for (let times = 0; times < 40; times += 1) pace.success();
    expect(await secondsFor(10, pace, clock)).toBeCloseTo(5, 5);
  });

  it('leaves a tenant alone for as long as it asked, and says so when that is long', async () => {
    const clock = new FakeClock();
    const pace = new Pace(clock);
    pace.complaint(30);
    expect(await secondsFor(1, pace, clock)).toBe(30);
    pace.complaint(600);
    const refused = pace.turn('test', undefined);
    await expect(refused).rejects.toBeInstanceOf(ThrottledError);
    await expect(refused).rejects.toMatchObject({ retryAfterSeconds: 600 });
    clock.advance(600);
    await expect(pace.turn('test', undefined)).resolves.toBeUndefined();
  });

  it('leaves a tenant alone also with the calls that were waiting when it asked', async () => {
    const clock = new FakeClock(undefined, true);
    const pace = new Pace(clock);
    pace.complaint(5);
    const gone: number[] = [];
    const start = clock.now().getTime();
    const waiting = [1, 2].map(() =>
      pace.turn('test', undefined).then(() => gone.push((clock.now().getTime() - start) / 1000)),
    );
    pace.complaint(40);
    clock.advance(5);
    await setImmediate();
    expect(gone).toEqual([]);
    clock.advance(35);
    await Promise.all(waiting);
    expect(gone).toEqual([40, 40]);
  });

  it('tells the calls that were waiting when it asks for a long time', async () => {
    const clock = new FakeClock(undefined, true);
    const pace = new Pace(clock);
    pace.complaint(5);
    const waiting = expect(pace.turn('test', undefined)).rejects.toMatchObject({ retryAfterSeconds: 595 });
    pace.complaint(600);
    clock.advance(5);
    await waiting;
  });

  it('ends a wait with the reason of the signal', async () => {
    const pace = new Pace(new FakeClock(undefined, true));
    const abort = new AbortController();
    pace.complaint(20);
    const waiting = pace.turn('test', abort.signal);
    abort.abort(new Error('shutting down'));
    await expect(waiting).rejects.toThrow('shutting down');
  });
});

describe('adapters/exchange-online/breaker', () => {
  function broken(clock: FakeClock): Breaker {
    const breaker = new Breaker(clock);
    for (let times = 0; times < 5; times += 1) {
      breaker.failure(breaker.enter('test'), `outage ${times}`);
    }
    return breaker;
  }

  it('lets calls through until five in a row have failed', () => {
    const breaker = new Breaker(new FakeClock());
    for (let times = 0; times < 20; times += 1) {
      const pass = breaker.enter('test');
      if (times % 5 === 4) breaker.success();
      else breaker.failure(pass, 'outage');
    }
    expect(() => breaker.enter('test')).not.toThrow();
  });

  it('then refuses to send, with the last failure and the time of the next try', () => {
    const breaker = broken(new FakeClock());
    expect(() => breaker.enter('test')).toThrow(UnavailableError);
    expect(() => breaker.enter('test')).toThrow(/5 times in a row: outage 4/u);
  });

  it('lets one call try after a pause, and all when it succeeds', () => {
    const clock = new FakeClock();
    const breaker = broken(clock);
    clock.advance(30);
    breaker.enter('test');
    expect(() => breaker.enter('test')).toThrow(UnavailableError);
    breaker.success();
    expect(() => breaker.enter('test')).not.toThrow();
  });

  it('doubles the pause at every failed try, up to five minutes', () => {
    const clock = new FakeClock();
    const breaker = broken(clock);
    for (const pause of [30, 60, 120, 240, 300, 300]) {
      clock.advance(pause - 1);
      expect(() => breaker.enter('test')).toThrow(UnavailableError);
      clock.advance(1);
      breaker.failure(breaker.enter('test'), 'still out');
    }
  });

  it('gives the try to somebody else when it was called off', () => {
    const clock = new FakeClock();
    const breaker = broken(clock);
    clock.advance(30);
    breaker.undecided(breaker.enter('test'));
    expect(() => breaker.enter('test')).not.toThrow();
  });

  it('keeps the try with the call that has it, whatever becomes of calls of before', () => {
    const clock = new FakeClock();
    const breaker = new Breaker(clock);
    const [calledOff, failing] = [breaker.enter('test'), breaker.enter('test')];
    for (let times = 0; times < 5; times += 1) breaker.failure(breaker.enter('test'), 'outage');
    clock.advance(30);
    const trying = breaker.enter('test');
    breaker.undecided(calledOff);
    breaker.failure(failing, 'late');
    expect(() => breaker.enter('test')).toThrow(UnavailableError);
    breaker.failure(trying, 'still out');
    clock.advance(59);
    expect(() => breaker.enter('test')).toThrow(UnavailableError);
    clock.advance(1);
    expect(() => breaker.enter('test')).not.toThrow();
  });

  it('lets all calls through again as soon as one of before the pause is answered', () => {
    const breaker = new Breaker(new FakeClock());
    breaker.enter('test');
    for (let times = 0; times < 5; times += 1) breaker.failure(breaker.enter('test'), 'outage');
    breaker.success();
    expect(() => breaker.enter('test')).not.toThrow();
  });
});
