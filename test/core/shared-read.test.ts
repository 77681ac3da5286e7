import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { SharedRead } from '../../src/core/shared-read.ts';

function begun() {
  const answer = Promise.withResolvers<string>();
  const signals: AbortSignal[] = [];
  const read = new SharedRead((signal) => {
    signals.push(signal);
    return answer.promise;
  });
  return { ...answer, read, signal: signals[0] ?? expect.fail('it was not begun') };
}

describe('core/shared-read', () => {
  it('lets one caller go with the reason of their own signal and answers the others', async () => {
    const { read, resolve, signal } = begun();
    const abort = new AbortController();
    const [leaving, staying] = [read.answerFor(abort.signal), read.answerFor(undefined)];
    abort.abort(new Error('gone'));
    await expect(leaving).rejects.toThrow('gone');
    expect([signal.aborted, read.isCalledOff]).toEqual([false, false]);
    resolve('there');
    expect(await staying).toBe('there');
    expect(await read.answerFor(new AbortController().signal)).toBe('there');
  });

  it('is called off once everybody has left', async () => {
    const { read, signal } = begun();
    const aborts = [new AbortController(), new AbortController()];
    const callers = aborts.map((one) => read.answerFor(one.signal).catch((error: unknown) => error));
    aborts[0]?.abort(new Error('first'));
    await setImmediate();
    expect(signal.aborted).toBe(false);
    aborts[1]?.abort(new Error('second'));
    expect(await Promise.all(callers)).toEqual([new Error('first'), new Error('second')]);
    expect([signal.aborted, read.isCalledOff]).toEqual([true, true]);
  });

  it('that is answered is never called off', async () => {
    const { read, resolve, signal } = begun();
    resolve('there');
    expect(await read.answerFor(new AbortController().signal)).toBe('there');
    const abort = new AbortController();
    abort.abort(new Error('gone'));
    await expect(read.answerFor(abort.signal)).rejects.toThrow('gone');
    expect([signal.aborted, read.isCalledOff]).toEqual([false, false]);
  });

  it('tells everybody of its failure, also who did not wait for it', async () => {
    const { read, reject } = begun();
    const told: string[] = [];
    read.onFailure(() => told.push('failed'));
    reject(new Error('out of order'));
    await expect(read.answerFor(undefined)).rejects.toThrow('out of order');
    await expect(read.answerFor(undefined)).rejects.toThrow('out of order');
    expect(told).toEqual(['failed']);
  });
});
