import { describe, expect, it } from 'vitest';
import { SWITCHES } from '../../../src/rehearsal/exchange/switches.ts';
import { recallTenant, rememberTenant, tenantMemories } from '../../../src/rehearsal/exchange/tenant-memory.ts';
import { PARTNER, wire } from './wire.ts';

const cloud = wire();

describe('fidelity: what is not known is a switch', () => {
  it('lists every switch with its meaning, its usual value and how well the rule is known', async () => {
    const { body } = await cloud.rehearsal.control('GET', '/control/switches');
    expect(body.map(({ name }: { name: string }) => name)).toEqual(Object.keys(SWITCHES));
    for (const { meaning, evidence, usual, values } of body) {
      expect(meaning).toMatch(/\.$/u);
      expect(['measured', 'documented', 'client-code', 'server-code', 'inferred']).toContain(evidence);
      if (Array.isArray(values)) expect(values).toContain(usual);
    }
  });

  it('is strict where only code of the server product is known', () => {
    const known = Object.entries(SWITCHES).filter(([, { evidence }]) => evidence === 'server-code');
    expect(known.filter(([, { usual }]) => usual).map(([name]) => name)).toEqual(['overlapWarnings']);
    expect(known.length).toBeGreaterThan(8);
  });

  it.each([
    [{ looseOutboundTypo: true }, 'There is no switch'],
    [{ developer: 'yes' }, 'true or false'],
    [{ roleSeconds: -1 }, 'seconds'],
    [{ consentError: 'AADSTS1' }, 'AADSTS90094'],
  ])('refuses %o and changes nothing', async (switches, text) => {
    const { status, body } = await cloud.directory({ switches: { isDehydrated: true, ...switches } });
    expect([status, body.error]).toEqual([400, expect.stringContaining(text)]);
    expect(cloud.tenant('contoso').switches.isDehydrated).toBe(false);
  });

  it('outlives the process with access, delays and unproven domains', async () => {
    await cloud.directory({
      switches: { consentError: 'AADSTS50020', graphSeconds: 7 },
      directoryRoles: ['Global Reader'],
    });
    await cloud.directory({ consent: 'revoked' });
    const contoso = cloud.tenant('contoso');
    contoso.unverifiedDomains.set('x.example', { name: 'x.example', proof: 'MS=ms1' });
    const [memory] = tenantMemories.parse(JSON.parse(JSON.stringify([rememberTenant(contoso)])));
    const recalled = memory ? recallTenant(memory) : null;
    expect(recalled?.switches).toEqual(contoso.switches);
    expect(recalled?.access.export()).toEqual(contoso.access.export());
    expect([...(recalled?.unverifiedDomains.keys() ?? [])]).toEqual(['x.example']);
    expect(recalled?.stores.dkimConfigs.stored()).toEqual(contoso.stores.dkimConfigs.stored());
  });
});

describe('fidelity: the seeded organisations', () => {
  it('have one of each kind that people meet', async () => {
    const { body } = await cloud.rehearsal.control('GET', '/control/tenants');
    const names = body.map(({ name }: { name: string }) => name);
    expect(names.slice(6)).toEqual(['woodgrove', 'treyresearch', 'lucerne', 'fourthcoffee', 'proseware']);
    const refusals = await Promise.all(
      [
        ['treyresearch', PARTNER],
        ['lucerne', { ...PARTNER, ConnectorType: 'OnPremises' }],
        ['proseware', { ...PARTNER, ConnectorType: 'OnPremises' }],
      ].map(([name, parameters]) =>
        cloud.rehearsal.control('POST', '/control/exchange', {
          tenant: name,
          cmdlet: 'New-InboundConnector',
          parameters,
        }),
      ),
    );
    expect(refusals.map(({ status }) => status)).toEqual([400, 400, 400]);
    expect(cloud.tenant('woodgrove').switches.isDehydrated).toBe(true);
    const hybrid = cloud.tenant('fourthcoffee').stores;
    expect([hybrid.outboundConnectors.stored().length, hybrid.inboundConnectors.stored().length]).toEqual([1, 0]);
  });

  it('are known to DNS, before and after a reset', async () => {
    const mx = () => cloud.rehearsal.world.dns.authority('proseware.example', 'MX')[0]?.data;
    const key = () =>
      cloud.rehearsal.world.dns.authority('selector1-contoso-com._domainkey.contoso.onmicrosoft.com', 'TXT');
    expect([mx(), key().length]).toEqual(['0 mx.gate.example', 1]);
    await cloud.rehearsal.control('POST', '/control/reset', {});
    expect([mx(), key().length]).toEqual(['0 mx.gate.example', 1]);
  });
});
