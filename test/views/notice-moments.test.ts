import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Notice } from '../../src/core/notice.ts';
import { takeBackNotice } from '../../src/core/transitions/operating.ts';
import { Renderer } from '../../src/teams/render.ts';
import { noticeCard } from '../../src/views/notice.ts';
import { requestCard } from '../../src/views/request-card.ts';
import { Desk } from '../core/clock-desk.ts';
import { sampleRequest } from '../support/sample-request.ts';

const renderer = new Renderer({ cards: fileURLToPath(new URL('../../cards', import.meta.url)), rehearsal: false });
const hannover = { locale: 'de-DE', timeZone: 'Europe/Berlin' };
const auckland = { locale: 'en-NZ', timeZone: 'Pacific/Auckland' };

function read(notice: Notice, reader?: typeof hannover): string {
  return JSON.stringify(renderer.message(noticeCard(notice), reader));
}

describe('the moments of a notice', () => {
  it('name the day, in the zone of the only reader, in the toast as well', () => {
    const notice = takeBackNotice(sampleRequest('t'), '2026-11-21T23:10:00.000Z', 'The proof did not come.');
    const toast = renderer.message(noticeCard(notice), hannover).summary;
    expect(toast).toContain('22. Nov. 2026, 00:10');
    expect(read(notice, hannover)).not.toContain('UTC');
    expect(read(notice)).toContain('21 Nov 2026, 23:10 UTC');
  });

  it('of an emergency start, of a reminder and of a start that waits are the reader’s, not the policy’s', async () => {
    const desk = new Desk({
      breakGlass: { people: [], groups: [], answerWithinHours: 4 },
      freezes: [{ from: '2026-11-23T00:00:00Z', to: '2026-11-23T11:30:00Z', reason: 'Quarter end' }],
      remindBeforeMinutes: [60],
    });
    await desk.plan();
    await desk.minutes(60);
    const [reminder] = noticesOf(desk, 'reminder');
    expect(reminder && read(reminder, auckland)).toContain('24 Nov 2026, 12:00 am');
    await desk.approve();
    await desk.confirm();
    const [scheduled] = noticesOf(desk, 'scheduled');
    expect(scheduled && read(scheduled, auckland)).toContain('Nothing starts until 24 Nov 2026, 12:30 am');
    expect(JSON.stringify([reminder, scheduled])).not.toContain('Europe/Berlin');
  });

  it('stay the reader’s on the card of a request that ended', () => {
    const message = 'It was approved, but could not start by 2026-11-21 23:10 UTC.';
    const outcome = { code: 'start-expired', message, next: '', left: [] };
    const request = { ...sampleRequest('t'), state: 'expired' as const, outcome };
    const card = requestCard(request, new Date('2026-11-22T09:00:00Z'));
    expect(JSON.stringify(renderer.message(card, hannover))).toContain('could not start by 22. Nov. 2026, 00:10');
  });
});

function noticesOf(desk: Desk, kind: Notice['kind']): Notice[] {
  return desk.store.effects.flatMap((one) => (one.kind === 'notice' && one.notice.kind === kind ? [one.notice] : []));
}
