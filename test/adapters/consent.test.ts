import { describe, expect, it } from 'vitest';
import { type ConsentDesk, type ConsentOptions, createConsentDesk } from '../../src/adapters/identity/admin-consent.ts';
import { RefusedError, TenantAccessError } from '../../src/core/errors.ts';
import type { ConsentLink } from '../../src/ports/admin-consent.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { MemoryConsents } from '../support/memory-consents.ts';
import { silentLog } from '../support/silent-log.ts';

const CONTOSO = 'c0000000-0000-4000-8000-000000000001';
const FABRIKAM = 'c0000000-0000-4000-8000-000000000002';
const RITA = '11111111-0000-4000-8000-000000000001';
const APP = '0b0b0b0b-0000-4000-8000-0000000000e0';

interface Desk extends ConsentDesk {
  readonly store: MemoryConsents;
  readonly proven: string[];
}

function desk(overrides: Partial<ConsentOptions> = {}): Desk {
  const store = new MemoryConsents();
  const proven: string[] = [];
  const made = createConsentDesk({
    authority: 'https://login.microsoftonline.com',
    appId: APP,
    isRehearsal: false,
    publicUrl: () => 'https://bot.example',
    store,
    prove: async (tenantId) => proven.push(tenantId),
    clock: new FakeClock(),
    log: silentLog(),
    ...overrides,
  });
  return { ...made, store, proven };
}

function begin(at: ConsentDesk, tenantId = CONTOSO): Promise<ConsentLink> {
  return at.begin({ tenantId, requesterId: RITA });
}

function stateOf({ url }: ConsentLink): string {
  return url.searchParams.get('state') ?? '';
}

function granted(link: ConsentLink, more: Record<string, string> = {}): URLSearchParams {
  return new URLSearchParams({ admin_consent: 'True', tenant: CONTOSO, state: stateOf(link), ...more });
}

function refused(link: ConsentLink, fields: Record<string, string>): URLSearchParams {
  return new URLSearchParams({ admin_consent: 'True', state: stateOf(link), ...fields });
}

function notYet(): TenantAccessError {
  return new TenantAccessError('Not yet.', { operation: 'x', next: 'x', reason: 'consent' });
}

describe('adapters/identity/admin-consent: link', () => {
  it('leads an administrator of exactly that tenant to Microsoft and back here', async () => {
    const { url, validForSeconds } = await begin(desk(), CONTOSO.toUpperCase());
    expect(`${url.origin}${url.pathname}`).toBe(`https://login.microsoftonline.com/${CONTOSO}/adminconsent`);
    expect(url.searchParams.get('client_id')).toBe(APP);
    expect(url.searchParams.get('redirect_uri')).toBe('https://bot.example/consent/callback');
    expect(validForSeconds).toBe(600);
  });

  it('is another one each time and tells nothing about who asked', async () => {
    const at = desk();
    const states = await Promise.all(Array.from({ length: 20 }, async () => stateOf(await begin(at))));
    expect(new Set(states).size).toBe(20);
    expect(states.join()).not.toMatch(new RegExp(`${CONTOSO}|${RITA}`, 'u'));
  });

  it('is refused while nobody said under which address administrators reach the bot', async () => {
    const refusal = begin(desk({ publicUrl: () => null }));
    await expect(refusal).rejects.toBeInstanceOf(RefusedError);
    await expect(refusal).rejects.toMatchObject({ next: expect.stringContaining('PUBLIC_URL') });
  });
});

describe('adapters/identity/admin-consent: callback', () => {
  it('believes a token of the tenant, and then remembers that consent was given', async () => {
    const at = desk();
    const link = await begin(at);
    expect(await at.outcomeOf(link.id)).toEqual({ kind: 'open' });
    const page = await at.callback(granted(link));
    expect(page).toMatchObject({ status: 200, html: expect.stringContaining('Consent is given') });
    expect(at.proven).toEqual([CONTOSO]);
    expect(await at.outcomeOf(link.id)).toEqual({ kind: 'granted' });
    expect(await at.outcomeOf('unknown')).toBeNull();
  });

  it('never believes what the address says about the tenant', async () => {
    const at = desk();
    const other = await begin(at);
    expect(await at.callback(granted(other, { tenant: FABRIKAM }))).toMatchObject({ status: 400 });
    expect(at.proven).toEqual([]);
    expect(await at.outcomeOf(other.id)).toMatchObject({ kind: 'refused', reason: expect.stringContaining('another') });
    const unnamed = await begin(at);
    const query = granted(unnamed);
    query.delete('tenant');
    await at.callback(query);
    expect(at.proven).toEqual([CONTOSO]);
  });

  it('works once', async () => {
    const at = desk();
    const link = await begin(at);
    const pages = await Promise.all([1, 2, 3].map(() => at.callback(granted(link))));
    expect(pages.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 400, 400]);
    expect(at.proven).toHaveLength(1);
  });

  it('refuses states that are missing, expired, changed, exchanged, or of another application', async () => {
    const at = desk();
    const [link, other] = [await begin(at), await begin(at, FABRIKAM)];
    const expired = await begin(at);
    at.store.expire(expired.id);
    const [id = '', signature = ''] = stateOf(link).split('.');
    const [, foreign = ''] = stateOf(other).split('.');
    const elsewhere = createConsentDesk({
      authority: 'https://login.microsoftonline.com',
      appId: FABRIKAM,
      isRehearsal: false,
      publicUrl: () => 'https://bot.example',
      store: at.store,
      prove: () => Promise.resolve(),
      clock: new FakeClock(),
      log: silentLog(),
    });
    const states = [
      '',
      'x',
      `${id}.`,
      `${id}.${foreign}`,
      `${id}.${signature}x`,
      `${signature}.${id}`,
      stateOf(expired),
    ];
    for (const state of states) {
      expect((await at.callback(granted(link, { state }))).html).toContain('This link cannot be used');
    }
    expect((await at.callback(new URLSearchParams())).status).toBe(400);
    expect((await elsewhere.callback(granted(link))).status).toBe(400);
    expect(at.proven).toEqual([]);
    expect((await at.callback(granted(link))).status).toBe(200);
  });

  it('refuses a state that was signed for another requester or tenant than the link is remembered for', async () => {
    const at = desk();
    const link = await begin(at);
    const omar = '11111111-0000-4000-8000-000000000002';
    await at.store.add(link.id, { tenantId: CONTOSO, requesterId: omar });
    expect((await at.callback(granted(link))).status).toBe(400);
    await at.store.add(link.id, { tenantId: FABRIKAM, requesterId: RITA });
    expect((await at.callback(granted(link))).status).toBe(400);
    expect(at.proven).toEqual([]);
  });

  it('says REHEARSAL where nothing is real', async () => {
    const at = desk({ isRehearsal: true });
    const link = await begin(at);
    const pages = [await at.callback(granted(link)), await at.callback(granted(link))];
    for (const { html } of pages) expect(html).toContain('<h1>REHEARSAL – ');
  });

  it('waits for Microsoft to show the consent, and says so when that takes long', async () => {
    let times = 0;
    const slow = desk({
      prove: () => {
        times += 1;
        return times < 3 ? Promise.reject(notYet()) : Promise.resolve();
      },
    });
    const first = await begin(slow);
    expect((await slow.callback(granted(first))).html).toContain('Consent is given');
    const never = desk({ prove: () => Promise.reject(notYet()) });
    const second = await begin(never);
    expect((await never.callback(granted(second))).html).toContain('on its way');
    expect(await never.outcomeOf(second.id)).toEqual({ kind: 'unproven' });
  });

  it('does not call our own broken credential a consent', async () => {
    const broken = new TenantAccessError('The client secret is wrong.', {
      operation: 'x',
      next: 'x',
      reason: 'credential',
    });
    const at = desk({ prove: () => Promise.reject(broken) });
    const link = await begin(at);
    expect((await at.callback(granted(link))).status).toBe(400);
    expect(await at.outcomeOf(link.id)).toEqual({ kind: 'refused', reason: 'The client secret is wrong.' });
  });

  it.each<[Record<string, string>, string]>([
    [{ error: 'access_denied', error_subcode: 'cancel' }, 'declined'],
    [{ error: 'access_denied', error_description: 'AADSTS65004: words' }, 'declined'],
    [{ error: 'consent_required', error_description: 'AADSTS65004: words' }, 'declined'],
    [{ error: 'access_denied', error_description: 'AADSTS90094: words' }, 'not an administrator'],
    [{ error: 'access_denied', error_description: 'AADSTS90093: words' }, 'not an administrator'],
    [{ error: 'invalid_grant', error_description: 'AADSTS65001: words' }, 'Nobody has consented'],
    [{ error: 'unauthorized_client', error_description: 'AADSTS700016: words' }, 'not known in that organisation'],
    [{ error: 'invalid_resource', error_description: 'AADSTS500011: words' }, 'Exchange Online does not exist'],
    [{ error: 'server_error', error_description: 'AADSTS650051: words' }, 'still creating'],
    [{ error: 'invalid_client', error_description: 'AADSTS650052: words' }, 'no licence'],
    [{ error: 'invalid_client', error_description: 'AADSTS650056: words' }, 'permissions that do not fit'],
    [{ error: 'interaction_required', error_description: 'AADSTS50020: words' }, 'guest'],
    [{ error: 'invalid_request', error_description: 'AADSTS50011: words' }, 'not registered'],
    [{ error: 'interaction_required', error_description: 'AADSTS53003: words' }, 'conditional access'],
    [{ error: 'invalid_request', error_description: 'AADSTS90002: words' }, 'no such organisation'],
    [{ error: 'invalid_client', error_description: 'AADSTS7000215: words' }, 'secret'],
    [{ error: 'invalid_client', error_description: 'AADSTS700027: words' }, 'certificate'],
    [{ error: 'unauthorized_client', error_description: 'AADSTS7000229: words' }, 'no service principal'],
    [{ error: 'temporarily_unavailable' }, 'could not answer'],
    [{ error: 'something_new', error_description: 'AADSTS1234567: words' }, 'AADSTS1234567'],
    [{ error: 'something_new' }, 'did not accept'],
    [{ error: '' }, 'did not accept'],
  ])('explains %o although it says that consent was given', async (fields, words) => {
    const at = desk();
    const link = await begin(at);
    const page = await at.callback(refused(link, { tenant: CONTOSO, ...fields }));
    expect(page.status).toBe(400);
    expect(page.html).toContain(words);
    expect(at.proven).toEqual([]);
    expect(await at.outcomeOf(link.id)).toMatchObject({ kind: 'refused' });
  });

  it('shows nothing that came with the address', async () => {
    const evil = '<script>alert("canary")</script>';
    const at = desk();
    for (const fields of [
      { error: evil },
      { error: 'x', error_description: evil },
      { tenant: evil },
      { scope: evil },
    ]) {
      const link = await begin(at);
      const { html } = await at.callback(refused(link, { ...fields, extra: evil }));
      expect(html).not.toMatch(/canary|<script/u);
    }
  });
});
