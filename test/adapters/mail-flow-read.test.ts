import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createExchangeOnline } from '../../src/adapters/exchange-online/exchange-online.ts';
import { trustExtraCa } from '../../src/adapters/http/trust-extra-ca.ts';
import { createTenantCredentials } from '../../src/adapters/identity/tenant-credentials.ts';
import { readConfig } from '../../src/config/config.ts';
import { TenantAccessError } from '../../src/core/errors.ts';
import { routeMessage } from '../../src/mail/routing/route-message.ts';
import type { ExchangeOnline, ExchangeTenant } from '../../src/ports/exchange-online.ts';
import { readWholeMailFlow } from '../../src/ports/mail-flow.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { type RunningRehearsal, startRehearsal } from '../support/rehearsal.ts';
import { contosoAt } from '../support/scripted-exchange.ts';
import { type Play, startScripted } from '../support/scripted-https.ts';
import { silentLog } from '../support/silent-log.ts';

let rehearsal: RunningRehearsal;
let exchange: ExchangeOnline;
let ids: ReadonlyMap<string, string>;

beforeAll(async () => {
  rehearsal = await startRehearsal({ REHEARSAL_SPEED: '10' });
  const { config, secrets } = readConfig(rehearsal.environment, 'rehearsal');
  if (config.extraCaFile) await trustExtraCa(config.extraCaFile);
  const proof = { kind: 'secret', secret: secrets.workerAppSecret } as const;
  const log = silentLog();
  const { authority } = config.entra;
  const credentials = createTenantCredentials({ authority, appId: config.worker.appId, proof, log });
  const { compliance } = config;
  exchange = createExchangeOnline({ ...config.exchange, compliance, credentials, clock: new FakeClock(), log });
  ids = new Map(config.tenants.map(({ name, id }) => [name, id]));
});

afterAll(() => rehearsal.stop());

function tenant(name: string): ExchangeTenant {
  return exchange.tenant(ids.get(name) ?? 'unknown');
}

describe('the whole mail flow of a tenant, read from the rehearsal', () => {
  it.each(['contoso', 'fabrikam', 'northwind', 'adatum'])('of %s is what its lists say one by one', async (name) => {
    const at = tenant(name);
    const flow = await readWholeMailFlow(at);
    expect(flow.acceptedDomains).toEqual(await at.list('Get-AcceptedDomain'));
    expect(flow.inboundConnectors).toEqual(await at.list('Get-InboundConnector'));
    expect(flow.outboundConnectors).toEqual(await at.list('Get-OutboundConnector'));
    expect(flow.remoteDomains).toEqual(await at.list('Get-RemoteDomain'));
    expect(flow.connectionFilters).toEqual(await at.list('Get-HostedConnectionFilterPolicy'));
    expect(flow.contentFilters).toEqual(await at.list('Get-HostedContentFilterPolicy'));
    expect(flow.spoofItems).toEqual(await at.list('Get-TenantAllowBlockListSpoofItems'));
    expect(flow.antiPhishPolicies).toEqual(await at.list('Get-AntiPhishPolicy'));
    expect(flow.dkimSigningConfigs).toEqual(await at.list('Get-DkimSigningConfig'));
    expect(flow.arcConfigs).toEqual(await at.list('Get-ArcConfig'));
    const [organization] = await at.list('Get-OrganizationConfig');
    expect(flow).toMatchObject({
      isDehydrated: organization?.IsDehydrated,
      rejectDirectSend: organization?.RejectDirectSend,
    });
    const rules = await at.list('Get-TransportRule');
    expect(flow.transportRules.map(({ Priority }) => Priority)).toEqual(rules.map((_, priority) => priority));
  });

  it('is what the routing model takes', async () => {
    const flow = await readWholeMailFlow(tenant('contoso'));
    const route = routeMessage(flow, {
      origin: { by: 'server', address: '192.0.2.77', tls: true, certificate: [] },
      from: 'somebody@example.net',
      headerFrom: 'somebody@example.net',
      to: 'postmaster@contoso.com',
      headers: [],
      type: null,
      size: 2000,
      scl: null,
      recipientExists: true,
      divertedBy: [],
      at: Date.parse('2026-11-21T09:00:00Z'),
    });
    expect(route.verdict.kind).toBe('delivered');
  });

  it('is whole where a list has more than one page', async () => {
    const domains = Array.from({ length: 1100 }, (_, index) => `d${index}.many.example`);
    const { id } = (await rehearsal.control('tenants', { name: 'many', domains })) as { id: string };
    const flow = await readWholeMailFlow(exchange.tenant(id));
    const names = flow.acceptedDomains.map(({ DomainName }) => DomainName);
    expect(new Set(names).size).toBe(1101);
    expect(names).toEqual(expect.arrayContaining(domains));
  });

  it('is an error, and never half an answer, where we may not look', async () => {
    await expect(readWholeMailFlow(tenant('tailspin'))).rejects.toBeInstanceOf(TenantAccessError);
  });
});

describe('the whole mail flow of a tenant', () => {
  it('takes two batches that do not wait for each other, and are told apart by id', async () => {
    const server = await startScripted();
    const waiting: (() => void)[] = [];
    const batch: Play = (response, { body }) => {
      const { requests } = JSON.parse(body) as {
        requests: readonly { id: string; body: { CmdletInput: { CmdletName: string } } }[];
      };
      const responses = requests.map((request) => {
        const isDomains = request.body.CmdletInput.CmdletName === 'Get-AcceptedDomain';
        const DomainName = 'contoso.com';
        const domain = { Identity: DomainName, DomainName, DomainType: 'Authoritative', Default: true };
        return { id: request.id, status: 200, body: { value: isDomains ? [domain] : [] } };
      });
      const text = JSON.stringify({ responses: responses.toReversed() });
      waiting.push(() => response.writeHead(200, { 'content-type': 'application/json' }).end(text));
      // Nobody is answered before both have asked.
      if (waiting.length === 2) for (const answer of waiting) answer();
    };
    server.answer(batch, batch);
    const flow = await readWholeMailFlow(contosoAt(server.url));
    expect(flow.acceptedDomains.map(({ DomainName }) => DomainName)).toEqual(['contoso.com']);
    expect(flow.inboundConnectors).toEqual([]);
    expect(server.received.every(({ path }) => path.endsWith('/$batch'))).toBe(true);
    expect(server.finish()).toBe(0);
    await server.close();
  });
});
