import { describe, expect, it } from 'vitest';
import { wire } from './fidelity/wire.ts';

const cloud = wire();

function link(tenant: string, options: { version?: string; scope?: string; to?: string } = {}): string {
  const { version = '', scope, to = 'http://127.0.0.1:9/consent/callback' } = options;
  const query = new URLSearchParams({
    client_id: String(cloud.rehearsal.environment['WORKER_APP_ID']),
    redirect_uri: to,
    state: 'signed',
    ...(scope ? { scope } : {}),
  });
  return `/${tenant}${version}/adminconsent?${query.toString()}`;
}

/** What the callback is called with. */
async function decide(path: string, body = 'decision=accept'): Promise<Record<string, string>> {
  const { headers } = await cloud.rehearsal.send('POST', path, { body });
  return Object.fromEntries(new URL(String(headers['location'])).searchParams);
}

async function tailspin() {
  return (await cloud.rehearsal.control('GET', '/control/tenants/tailspin')).body;
}

describe('rehearsal/entra: admin consent', () => {
  it('grants everything the registration asks for in its first version', async () => {
    const answer = await decide(link('tailspin.example'));
    expect(answer).toEqual({ admin_consent: 'True', state: 'signed', tenant: cloud.id('tailspin') });
    expect(await tailspin()).toMatchObject({
      consent: 'granted',
      hasExchangeRole: true,
      hasDirectoryRole: false,
      graphPermissions: expect.arrayContaining(['Domain.Read.All']),
    });
  });

  it('grants one resource after the other in its second version', async () => {
    const version = '/v2.0';
    const none = await cloud.rehearsal.send('GET', link('tailspin.example', { version }));
    const graph = await decide(link('tailspin.example', { version, scope: 'https://graph.microsoft.com/.default' }));
    const first = await tailspin();
    await decide(link('tailspin.example', { version, scope: 'https://outlook.office365.com/.default' }));
    expect([none.status, none.raw.toString()]).toEqual([400, expect.stringContaining('AADSTS70011')]);
    expect(graph).toMatchObject({ admin_consent: 'True', scope: 'https://graph.microsoft.com/.default' });
    expect([first.hasExchangeRole, first.graphPermissions.length > 0]).toEqual([false, true]);
    expect(await tailspin()).toMatchObject({ hasExchangeRole: true });
  });

  it('asks which organisation signs in, and never does so at common', async () => {
    const page = await cloud.rehearsal.send('GET', link('organizations'));
    const answer = await decide(link('organizations'), 'decision=accept&organization=tailspin');
    const nobody = await cloud.rehearsal.send('POST', link('organizations'), { body: 'decision=accept' });
    const common = await cloud.rehearsal.send('GET', link('common'));
    expect(page.raw.toString()).toContain('name="organization"');
    expect(answer['tenant']).toBe(cloud.id('tailspin'));
    expect([nobody.status, common.status]).toEqual([400, 400]);
  });

  it.each([
    ['AADSTS65004', 'access_denied', 'cancel'],
    ['AADSTS65004 consent_required', 'consent_required', undefined],
    ['AADSTS65001', 'consent_required', undefined],
    ['AADSTS50076', 'interaction_required', undefined],
    ['AADSTS50079', 'interaction_required', undefined],
    ['AADSTS90093', 'access_denied', undefined],
    ['AADSTS90094', 'access_denied', undefined],
    ['AADSTS700016', 'unauthorized_client', undefined],
    ['AADSTS500011', 'invalid_resource', undefined],
    ['AADSTS650051', 'invalid_client', undefined],
    ['AADSTS650052', 'invalid_client', undefined],
    ['AADSTS650056', 'invalid_request', undefined],
    ['AADSTS50020', 'access_denied', undefined],
    ['AADSTS53003', 'access_denied', undefined],
    ['AADSTS7000229', 'unauthorized_client', undefined],
  ])('comes back with %s to order, admin_consent=True beside it, and grants nothing', async (code, error, subcode) => {
    await cloud.directory({ switches: { consentError: code } }, 'tailspin');
    const answer = await decide(link('tailspin.example'));
    expect(answer).toMatchObject({ admin_consent: 'True', state: 'signed', error });
    expect(answer['error_subcode']).toBe(subcode);
    expect(answer['error_description']).toMatch(new RegExp(`^${code.split(' ')[0]}: `, 'u'));
    expect(answer).not.toHaveProperty('tenant');
    expect((await tailspin()).consent).toBe('missing');
  });

  it('shows what it cannot send back on its own page', async () => {
    const unknown = await cloud.rehearsal.send('GET', link('nobody.example'));
    const stranger = await cloud.rehearsal.send('GET', link('tailspin.example').replace('client_id=', 'client_id=x'));
    const elsewhere = await cloud.rehearsal.send('GET', link('tailspin.example').replace('127.0.0.1', 'evil.example'));
    const near = await Promise.all(
      ['http://127.0.0.1:9/consent/callback/', 'http://127.0.0.1:9/Consent/callback', 'http://127.0.0.1:9/x'].map(
        (to) => cloud.rehearsal.send('GET', link('tailspin.example', { to })),
      ),
    );
    expect(near.map(({ raw }) => /AADSTS\d+/u.exec(raw.toString())?.[0])).toEqual(Array(3).fill('AADSTS50011'));
    await cloud.rehearsal.control('PUT', '/control/home', { redirectUris: ['http://127.0.0.1:9/x'] });
    const registered = await cloud.rehearsal.send('GET', link('tailspin.example', { to: 'http://127.0.0.1:9/x' }));
    expect(registered.status).toBe(200);
    const texts = [unknown, stranger, elsewhere].map(({ raw }) => /AADSTS\d+/u.exec(raw.toString())?.[0]);
    expect(texts).toEqual(['AADSTS90002', 'AADSTS700016', 'AADSTS50011']);
  });
});
