import type { ExchangeObject } from '../../../src/rehearsal/exchange/exchange-object.ts';
import { type FlowSwitches, usualSwitches } from '../../../src/rehearsal/mail-flow/flow-switches.ts';
import { type Cloud, type Journey, submit, travel } from '../../../src/rehearsal/mail-flow/journey.ts';
import { type MailMessage, noTraits } from '../../../src/rehearsal/mail-flow/mail-message.ts';
import type { DaneAnswer, MtaStsPolicy, Network, Scanner, Site } from '../../../src/rehearsal/mail-flow/network.ts';
import type { Setup } from '../../../src/rehearsal/mail-flow/setup.ts';
import type { TenantPass } from '../../../src/rehearsal/mail-flow/tenant-pass.ts';

export const contosoId = 'c0000000-0000-4000-8000-000000000001';
export const secret = '0123456789abcdef0123456789abcdef';
export const gatewayIp = '65.99.255.10';
export const scannerIp = '203.0.113.80';
export const stranger = '198.51.100.25';
export const scannerName = `${contosoId}.eu.inline.example`;

/** An organisation with contoso.com and some mailboxes, furnished as told. */
export function contoso(furniture: Partial<Setup> = {}): Setup {
  return {
    id: contosoId,
    initialDomain: 'contoso.onmicrosoft.com',
    acceptedDomains: ['contoso.com', 'sales.contoso.com', 'contoso.onmicrosoft.com'].map((DomainName) => ({
      DomainName,
      DomainType: 'Authoritative',
      Default: DomainName === 'contoso.com',
    })),
    inboundConnectors: [],
    outboundConnectors: [],
    transportRules: [],
    organizationConfig: [{ RejectDirectSend: false }],
    connectionFilters: [],
    antiPhishPolicies: [],
    spoofItems: [],
    contentFilters: [],
    allowBlockItems: [],
    remoteDomains: [],
    dkimConfigs: [],
    arcConfigs: [],
    mailboxes: new Set([
      'info@contoso.com',
      'alex@contoso.com',
      'alex@contoso.onmicrosoft.com',
      'kim@sales.contoso.com',
    ]),
    groups: new Map(),
    now: Date.parse('2026-11-21T12:00:00Z'),
    ...furniture,
  };
}

export const lock: ExchangeObject = {
  Name: 'Lock',
  ConnectorType: 'Partner',
  Enabled: true,
  SenderDomains: ['smtp:*;1'],
  RequireTls: true,
  RestrictDomainsToIPAddresses: true,
  SenderIPAddresses: ['65.99.255.0/24'],
};

/** A rule that is on, at this priority. */
export function rule(Priority: number, properties: ExchangeObject): ExchangeObject {
  const Guid = `00000000-0000-4000-8000-${String(Priority).padStart(12, '0')}`;
  return { Name: `Rule ${Priority}`, Guid, State: 'Enabled', Mode: 'Enforce', Priority, ...properties };
}

/** A rule-scoped connector to a smart host. */
export function routed(Name: string, host: string, more: ExchangeObject = {}): ExchangeObject {
  return {
    Name,
    Enabled: true,
    ConnectorType: 'Partner',
    IsTransportRuleScoped: true,
    UseMXRecord: false,
    SmartHosts: [host],
    ...more,
  };
}

/** What an organisation has for a signature service, which signs what this rule takes. */
export function signatureService(
  takes: ExchangeObject,
  more: { readonly inbound?: ExchangeObject; readonly outbound?: ExchangeObject } = {},
): Setup {
  const certificate = 'contoso.inkwell.example';
  const setup = contoso();
  return {
    ...setup,
    acceptedDomains: [...setup.acceptedDomains, { DomainName: certificate, DomainType: 'Authoritative' }],
    inboundConnectors: [
      {
        Name: 'Signed',
        ConnectorType: 'OnPremises',
        Enabled: true,
        TlsSenderCertificateName: certificate,
        ...more.inbound,
      },
    ],
    outboundConnectors: [routed('Sign', 'smtp.inkwell.example', more.outbound)],
    transportRules: [rule(0, { ...signing, ...takes })],
  };
}

/** What makes a rule send to the signature service what is not signed yet. */
export const signing: ExchangeObject = {
  ExceptIfHeaderContainsMessageHeader: 'X-Inkwell-Signed',
  ExceptIfHeaderContainsWords: ['true'],
  RouteMessageOutboundConnector: 'Sign',
};

export interface Internet {
  /** Addresses by host name. */
  readonly addresses?: Readonly<Record<string, readonly string[]>>;
  /** Names by address. */
  readonly reverse?: Readonly<Record<string, string>>;
  /** Domains whose signing keys nobody finds. */
  readonly keyless?: readonly string[];
  readonly selfSigned?: readonly string[];
  /** Hosts without STARTTLS. */
  readonly clearText?: readonly string[];
  /** One host for a domain, or several; none for a domain that takes no mail. */
  readonly mx?: Readonly<Record<string, string | readonly string[]>>;
  readonly texts?: Readonly<Record<string, string | readonly string[]>>;
  readonly serves?: Readonly<Record<string, readonly string[]>>;
  readonly scanner?: Partial<Scanner>;
  readonly down?: readonly string[];
  /** By host. */
  readonly dane?: Readonly<Record<string, DaneAnswer>>;
  /** By domain. */
  readonly mtaSts?: Readonly<Record<string, MtaStsPolicy>>;
}

/** Hosts by the end of their names. */
const places: Readonly<Record<string, Exclude<Site['kind'], 'nowhere'>>> = {
  'mail.protection.outlook.com': 'edge',
  'gateway.example': 'gateway',
  'inline.example': 'scanner',
  'inkwell.example': 'signer',
  'own.example': 'own-server',
  'elsewhere.example': 'internet',
};

const egress: Readonly<Record<string, string>> = {
  gateway: gatewayIp,
  scanner: scannerIp,
  signer: '203.0.113.90',
  'own-server': '203.0.113.40',
};

function siteAt(host: string, { down = [], clearText = [], selfSigned = [] }: Internet): Site {
  const kind = Object.entries(places).find(([end]) => host.endsWith(end))?.[1];
  if (!kind || down.includes(host)) return { kind: 'nowhere', host, why: kind ? 'refuse' : 'no address' };
  const names = clearText.includes(host) ? [] : [`*.${host.split('.').slice(1).join('.')}`];
  return { kind, host, address: host, names, isTrusted: !selfSigned.includes(host) };
}

function internet(net: Internet): Network {
  const { mx = {}, texts = {}, addresses = {}, serves = {}, scanner = {}, keyless = [] } = net;
  const tenantHost = (domain: string): string => `${domain.replaceAll('.', '-')}.mail.protection.outlook.com`;
  return {
    site: (host) => siteAt(host, net),
    mx: (domain) => {
      const host = mx[domain] ?? (domain.endsWith('contoso.com') ? tenantHost(domain) : null);
      return host === null ? null : [host].flat().filter((name) => name !== '');
    },
    tenantHost,
    reverse: (address) => net.reverse?.[address] ?? null,
    addresses: (name) => addresses[name] ?? [],
    publishesKeys: (config) => !keyless.includes(String(config['Domain'])),
    dane: (host) => net.dane?.[host] ?? null,
    mtaSts: (domain) => net.mtaSts?.[domain] ?? null,
    text: (name) => [texts[name] ?? ''].flat().filter((text) => text !== ''),
    egress: ({ kind }) => egress[kind] ?? '192.0.2.1',
    serves: ({ host }, domain) => serves[host]?.includes(domain) ?? false,
    scanner: () => ({
      secret,
      returnAddress: scannerIp,
      certificate: [scannerName],
      deliversOutgoing: false,
      sealer: null,
      fault: 'none',
      ...scanner,
    }),
    microsoftEgress: '40.107.22.5',
  };
}

export function cloud(
  setups: readonly Setup[],
  net: Internet = {},
  switches: Partial<FlowSwitches & { recipientFirst: boolean }> = {},
): Cloud {
  return { setups, network: internet(net), switches: { ...usualSwitches, recipientFirst: false, ...switches } };
}

export function message(facts: Partial<MailMessage> = {}): MailMessage {
  const from = facts.from ?? 'someone@outside.example';
  const to = facts.to ?? 'info@contoso.com';
  return {
    id: '<1@outside.example>',
    from,
    headerFrom: from,
    to,
    recipients: [to],
    subject: 'hello',
    size: 4096,
    type: null,
    content: 'clean',
    traits: noTraits,
    headers: [],
    hops: [],
    dkim: null,
    arc: null,
    ...facts,
  };
}

interface Knock {
  readonly source?: string;
  readonly tls?: boolean;
  readonly certificate?: readonly string[];
}

/** Knocks at the edge. */
export function knock(world: Cloud, facts: Partial<MailMessage> = {}, arrival: Knock = {}): Journey {
  return travel(world, message(facts), { by: 'smtp', source: stranger, tls: true, certificate: [], ...arrival });
}

/** A user of the first organisation sends. */
export function send(world: Cloud, facts: Partial<MailMessage> = {}): Journey {
  const [setup] = world.setups;
  if (!setup) throw new Error('no organisation');
  const from = facts.from ?? 'alex@contoso.com';
  return submit(world, setup, message({ from, to: 'someone@outside.example', ...facts }));
}

/** `inbox`, or `refused 550 5.7.51`, of every copy. */
export function ends({ outcomes }: Journey): string[] {
  return outcomes.map(({ kind, detail }) => [kind, /^\d{3} \d\.\d+\.\d+/u.exec(detail)?.[0]].filter(Boolean).join(' '));
}

export function passes({ stops }: Journey): TenantPass[] {
  return stops.filter((stop) => stop.at === 'tenant').map(({ pass }) => pass);
}

/** Which rules matched, in order, on every pass. */
export function rulesHit(journey: Journey): string[][] {
  return passes(journey).map(({ rules }) => rules.map(({ name }) => name));
}
