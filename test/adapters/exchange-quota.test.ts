import { describe, expect, it } from 'vitest';
import { Quota } from '../../src/adapters/exchange-online/quota.ts';
import { ThrottledError } from '../../src/core/errors.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { scriptedContoso } from '../support/scripted-contoso.ts';
import { errorOf, values } from '../support/scripted-exchange.ts';

const contoso = scriptedContoso();
const DAY = { StartDate: '2026-11-20T00:00:00Z', EndDate: '2026-11-21T00:00:00Z' };

describe('adapters/exchange-online/quota', () => {
  it('takes as many calls at once as are allowed, and then one for each that is long enough ago', () => {
    const clock = new FakeClock();
    const quota = new Quota(clock, { calls: 2, seconds: 50 });
    const take = (): string => {
      try {
        quota.take('test');
        return 'taken';
      } catch (error) {
        return error instanceof ThrottledError ? `in ${error.retryAfterSeconds} s` : String(error);
      }
    };
    expect(take()).toBe('taken');
    clock.advance(20);
    expect([take(), take()]).toEqual(['taken', 'in 30 s']);
    clock.advance(30);
    expect([take(), take()]).toEqual(['taken', 'in 20 s']);
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
