import { describe, expect, it } from 'vitest';
import { z } from 'zod/v4';
import { capture } from '../../support/exchange-captures.ts';
import { PARTNER, ROUTED, wire } from './wire.ts';

const cloud = wire();
const RULE = { Name: 'mark', FromScope: 'NotInOrganization', PrependSubject: 'OUTSIDE: ', SetAuditSeverity: 'Medium' };
const SPOOF = {
  Identity: 'default',
  SpoofedUser: '*',
  SendingInfrastructure: '65.99.255.0/24',
  SpoofType: 'External',
  Action: 'Allow',
};
const ALLOWED = { ListType: 'Sender', Entries: ['partner.example'], Allow: true, RemoveAfter: 45 };

interface Kind {
  readonly name: string;
  /** How one comes to be where no organisation has one of itself. */
  readonly make?: readonly [cmdlet: string, parameters: Record<string, unknown>];
}

const kinds: readonly Kind[] = [
  { name: 'inbound-connectors', make: ['New-InboundConnector', PARTNER] },
  { name: 'outbound-connectors', make: ['New-OutboundConnector', ROUTED] },
  { name: 'transport-rules', make: ['New-TransportRule', RULE] },
  { name: 'accepted-domains' },
  { name: 'connection-filters' },
  { name: 'dkim-signing-configs' },
  { name: 'remote-domains' },
  { name: 'organization-config' },
  { name: 'anti-phish-policies' },
  { name: 'content-filter-policies' },
  { name: 'spoof-items', make: ['New-TenantAllowBlockListSpoofItems', SPOOF] },
  { name: 'allow-block-items', make: ['New-TenantAllowBlockListItems', ALLOWED] },
];

function propertiesOf(rows: readonly object[] | undefined): string[] {
  return [...new Set((rows ?? []).flatMap((row) => Object.keys(row)))].toSorted();
}

/** Which notes stand beside a property hangs on its value: null has none. */
function isNote(property: string): boolean {
  return property.includes('@');
}

/** The shape of a value, as far as it is the same for all values: the keys of objects, whatever is in them. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]));
}

const Report = z.object({
  error: z.object({
    details: z.array(z.object({ message: z.string() })),
    innererror: z.object({ internalexception: z.object({ type: z.string() }) }),
  }),
});

/** Which exceptions an error names, outside and inside. */
function exceptionsOf(body: unknown): unknown {
  const { details, innererror } = Report.parse(body).error;
  return [details.map(({ message }) => message.split('|').slice(0, 2)), innererror.internalexception.type];
}

describe('the simulated cloud beside captures of the real one', () => {
  it.each(kinds)('has every captured property of $name, and of whole captures no other', async ({ name, make }) => {
    const { cmdlet, isWhole, body } = capture(name);
    if (make) expect((await cloud.run(...make)).status).toBe(200);
    await cloud.advance('10m');
    const asked = cmdlet === 'Get-TenantAllowBlockListItems' ? { ListType: 'Sender' } : {};
    const answer = await cloud.run(cmdlet, asked);
    const [real, simulated] = [propertiesOf(body.value), propertiesOf(answer.body.value)];
    expect(real.filter((property) => !simulated.includes(property))).toEqual([]);
    const invented = simulated.filter((property) => !real.includes(property) && !isNote(property));
    expect(isWhole ? invented : []).toEqual([]);
  });

  it('has every captured property of a traced message and no other', async () => {
    await cloud.rehearsal.control('POST', '/control/mail', { from: 'bea@partner.example', to: 'info@contoso.com' });
    const { body } = await cloud.run('Get-MessageTraceV2');
    expect(body.value.length).toBeGreaterThan(0);
    expect(propertiesOf(body.value)).toEqual(propertiesOf(capture('message-trace').body.value));
  });

  it.each<[string, string, Record<string, unknown>]>([
    ['error-unknown-parameter', 'Set-InboundConnector', { Identity: 'x', Bogus: 1 }],
    ['error-not-found', 'Set-InboundConnector', { Identity: 'gone', Enabled: true }],
  ])('words %s in the captured shape', async (name, cmdlet, parameters) => {
    const real = capture(name);
    const answer = await cloud.run(cmdlet, parameters);
    expect(answer.status).toBe(real.status);
    expect(shapeOf(answer.body)).toEqual(shapeOf(real.body));
    expect(exceptionsOf(answer.body)).toEqual(exceptionsOf(real.body));
  });

  it('words errors of Graph in the captured shape', async () => {
    const real = capture('graph-error');
    const { status, body } = await cloud.graph('GET', 'domains/nowhere.example');
    expect(status).toBe(real.status);
    expect(shapeOf(body)).toEqual(shapeOf(real.body));
  });

  it('warns of more on every page that leads on', async () => {
    const headers = { 'x-anchormailbox': 'APP:anchor', prefer: 'odata.maxpagesize=1' };
    const { body } = await cloud.run('Get-AcceptedDomain', {}, 'contoso', headers);
    expect(shapeOf({ ...body, value: [] })).toEqual(shapeOf({ ...capture('page-cut-short').body, value: [] }));
    expect(body['@adminapi.warnings'][0]).toContain('ResultSize');
  });
});
