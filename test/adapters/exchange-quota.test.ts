import { describe, expect, it } from 'vitest';
import { Quota } from '../../src/adapters/exchange-online/quota.ts';
import { ThrottledError } from '../../src/core/errors.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { scriptedContoso } from '../support/scripted-contoso.ts';
import { errorOf, values } from '../support/scripted-exchange.ts';

const contoso = scriptedContoso();
const DAY = { StartDate: '2026-11-20T00:00:00Z', EndDate: '2026-11-21T00:00:00Z' };

describe('adapters/exchange-online/quota', () => {
  it('lets as many calls go at once as are allowed, and then one for each that is long enough ago', async () => {
    const clock = new FakeClock();
    const quota = new Quota(clock, { calls: 3, seconds: 50 });
    const began = clock.now().getTime();
    const turns: number[] = [];
    for (let call = 0; call < 7; call += 1) {
      await quota.turn('test', undefined);
      turns.push((clock.now().getTime() - began) / 1000);
    }
    expect(turns).toEqual([0, 0, 0, 50, 50, 50, 100]);
  });

  it('ends a wait with the reason of the signal', async () => {
    const quota = new Quota(new FakeClock(undefined, true), { calls: 1, seconds: 30 });
    await quota.turn('test', undefined);
    const abort = new AbortController();
    const waiting = quota.turn('test', abort.signal);
    abort.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });

  it('sends no message trace of a tenant beyond a hundred in five minutes, and says when to ask again', async () => {
    contoso.server.answer(...Array.from({ length: 100 }, () => values()));
    const clock = new FakeClock();
    const tenant = contoso.exchange({ clock });
    for (let times = 0; times < 100; times += 1) {
      await tenant.ask('Get-MessageTraceV2', DAY);
    }
    const refused = await errorOf(tenant.ask('Get-MessageTraceV2', DAY));
    expect(refused).toBeInstanceOf(ThrottledError);
    expect(refused.message).toContain('100 times in 5 minutes');
    expect(contoso.server.received).toHaveLength(100);
    clock.advance(300);
    contoso.server.answer(values());
    await tenant.ask('Get-MessageTraceV2', DAY);
  });

  it('sends no message trace from before Microsoft’s ninety days', async () => {
    const days = { StartDate: '2026-08-20T00:00:00Z', EndDate: '2026-08-25T00:00:00Z' };
    const refused = await errorOf(contoso.exchange().ask('Get-MessageTraceV2', days));
    expect(refused.message).toContain('Microsoft keeps traces for 90 days');
    expect(contoso.server.received).toHaveLength(0);
  });
});
