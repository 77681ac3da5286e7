import { describe, expect, it } from 'vitest';
import { RefusedError } from '../../src/core/errors.ts';
import { APP, begin, CONTOSO, desk, granted, RITA, stateOf } from '../support/opened-consent-desk.ts';

describe('adapters/identity/admin-consent: link', () => {
  it('leads an administrator of exactly that tenant to Microsoft and back here', async () => {
    const at = desk();
    const link = await begin(at, CONTOSO.toUpperCase());
    expect(link.url.href).toBe(`https://bot.example/consent/start?state=${stateOf(link)}`);
    expect(link.validForSeconds).toBe(600);
    const { status, headers } = await at.start(link.url.searchParams);
    const to = new URL(headers['location'] ?? '');
    expect([status, `${to.origin}${to.pathname}`]).toEqual([
      302,
      `https://login.microsoftonline.com/${CONTOSO}/adminconsent`,
    ]);
    expect(to.searchParams.get('client_id')).toBe(APP);
    expect(to.searchParams.get('redirect_uri')).toBe('https://bot.example/consent/callback');
    expect(to.searchParams.get('state')).toBe(stateOf(link));
  });

  it('is another one each time and tells nothing about who asked', async () => {
    const at = desk();
    const states = await Promise.all(Array.from({ length: 20 }, async () => stateOf(await begin(at))));
    expect(new Set(states).size).toBe(20);
    expect(states.join()).not.toMatch(new RegExp(`${CONTOSO}|${RITA}`, 'u'));
  });

  it('may be opened as often as somebody looks at it, until it is used or has expired', async () => {
    const at = desk();
    const link = await begin(at);
    const opened = await Promise.all([1, 2, 3].map(() => at.start(link.url.searchParams)));
    expect(opened.map(({ status }) => status)).toEqual([302, 302, 302]);
    await at.callback(granted(link));
    expect((await at.start(link.url.searchParams)).html).toContain('This link cannot be used');
    const late = await begin(at);
    at.store.expire(late.id);
    expect((await at.start(late.url.searchParams)).status).toBe(400);
    expect((await at.start(new URLSearchParams({ state: `${late.id}.${'x'.repeat(43)}` }))).status).toBe(400);
  });

  it('marks the browser with a cookie that scripts and other sites do not get', async () => {
    const at = desk();
    const { headers } = await at.start((await begin(at)).url.searchParams);
    expect(headers['set-cookie']).toMatch(
      /^switchyard_consent_[0-9a-f]{12}=[0-9a-f]{64}; Path=\/consent; Max-Age=600; HttpOnly; SameSite=Lax; Secure$/u,
    );
  });

  it('is refused while nobody said under which address administrators reach the bot', async () => {
    const refusal = begin(desk({ publicUrl: () => null }));
    await expect(refusal).rejects.toBeInstanceOf(RefusedError);
    await expect(refusal).rejects.toMatchObject({ next: expect.stringContaining('PUBLIC_URL') });
  });
});
