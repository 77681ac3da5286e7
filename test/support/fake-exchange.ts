import { randomUUID } from 'node:crypto';
import type { CmdletCall } from '../../src/core/change.ts';
import { RejectedError } from '../../src/core/errors.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type {
  AcceptedDomain,
  ExchangeQuestions,
  ExchangeReads,
  ExchangeTenant,
  InboundConnector,
  OutboundConnector,
} from '../../src/ports/exchange-online.ts';
import type { TransportRule } from '../../src/ports/transport-rule.ts';
import { copied } from './copied.ts';

type FakeDomain = Partial<AcceptedDomain> & { readonly DomainName: string };

/** What a fake tenant starts with. */
export interface FakeExchangeSeed {
  readonly connectors?: readonly (Partial<InboundConnector> & { readonly Name: string })[];
  readonly outboundConnectors?: readonly OutboundConnector[];
  readonly transportRules?: readonly TransportRule[];
  /** Names, or names with what is special about them; the first is the default one. */
  readonly acceptedDomains?: readonly (string | FakeDomain)[];
  readonly isDehydrated?: boolean;
  /** Objects of the other kinds, and answers to questions. */
  readonly others?: Partial<{ [C in keyof Objects]: Objects[C][] }>;
}

type Objects = ExchangeReads & ExchangeQuestions;

const readOf = { InboundConnector: 'Get-InboundConnector', OutboundConnector: 'Get-OutboundConnector' } as const;

/**
 * Exchange Online of one tenant in memory. It really stores: New-, Set- and Remove- of connectors change what the
 * reads return. `fail` makes the next calls of one cmdlet throw, before or after their effect.
 */
export class FakeExchange implements ExchangeTenant {
  readonly tenantId: string;
  /** Every call that was sent, in order, also those that failed. */
  readonly invoked: CmdletCall[] = [];
  readonly #objects: { [C in keyof Objects]: Objects[C][] };
  readonly #failures: { cmdlet: string; error: Error; times: number; afterEffect: boolean }[] = [];

  constructor(tenantId: string, seed: FakeExchangeSeed = {}) {
    this.tenantId = tenantId;
    this.#objects = {
      ...empty(),
      ...copied(seed.others ?? {}),
      'Get-InboundConnector': (seed.connectors ?? []).map(inboundConnector),
      'Get-OutboundConnector': [...(seed.outboundConnectors ?? [])],
      'Get-TransportRule': [...(seed.transportRules ?? [])],
      'Get-AcceptedDomain': (seed.acceptedDomains ?? []).map(acceptedDomain),
      'Get-OrganizationConfig': [
        { Identity: 'Organization', IsDehydrated: seed.isDehydrated ?? false, RejectDirectSend: false },
      ],
    };
  }

  /** No planned failure happens any more. */
  heal(): void {
    this.#failures.length = 0;
  }

  /** The next `times` calls of the cmdlet throw; with `afterEffect` a write has happened nevertheless. */
  fail(cmdlet: string, error: Error, { times = 1, afterEffect = false } = {}): void {
    this.#failures.push({ cmdlet, error, times, afterEffect });
  }

  async get<C extends keyof ExchangeReads>(cmdlet: C, identity: string): Promise<ExchangeReads[C] | null> {
    this.#throwIfTold(cmdlet, false);
    return copied(this.#objects[cmdlet].find(isNamed(identity)) ?? null);
  }

  async list<C extends keyof ExchangeReads>(cmdlet: C): Promise<readonly ExchangeReads[C][]> {
    this.#throwIfTold(cmdlet, false);
    return copied(this.#objects[cmdlet]);
  }

  async lists<C extends keyof ExchangeReads>(
    cmdlets: readonly C[],
  ): Promise<{ readonly [K in C]: readonly ExchangeReads[K][] }> {
    const lists = await Promise.all(cmdlets.map(async (cmdlet) => [cmdlet, await this.list(cmdlet)]));
    return Object.fromEntries(lists);
  }

  async ask<C extends keyof ExchangeQuestions>(cmdlet: C): Promise<readonly ExchangeQuestions[C][]> {
    this.#throwIfTold(cmdlet, false);
    return copied(this.#objects[cmdlet]);
  }

  async invoke(call: CmdletCall): Promise<{ readonly warnings: readonly string[] }> {
    this.invoked.push(copied(call));
    this.#throwIfTold(call.cmdlet, false);
    this.#carryOut(call);
    this.#throwIfTold(call.cmdlet, true);
    return { warnings: [] };
  }

  restore(inverse: CmdletCall): Promise<{ readonly warnings: readonly string[] }> {
    return this.invoke(inverse);
  }

  whyNotRestored(): string | null {
    return null;
  }

  #carryOut(call: CmdletCall): void {
    const [, verb, noun] = /^(New|Set|Remove)-(InboundConnector|OutboundConnector)$/u.exec(call.cmdlet) ?? [];
    if (noun !== 'InboundConnector' && noun !== 'OutboundConnector')
      throw refused(call, 'is not part of the fake tenant');
    const objects: (InboundConnector | OutboundConnector)[] = this.#objects[readOf[noun]];
    if (verb === 'New') {
      const name = textOf(call, 'Name');
      if (objects.some(isNamed(name))) throw refused(call, `“${name}” exists already`);
      objects.push(
        noun === 'InboundConnector' ? newInbound(name, call.parameters) : newOutbound(name, call.parameters),
      );
      return;
    }
    const identity = textOf(call, 'Identity');
    const index = objects.findIndex(isNamed(identity));
    const found = objects[index];
    if (!found) throw refused(call, `“${identity}” does not exist`);
    if (verb === 'Remove') objects.splice(index, 1);
    else {
      const next = { ...found, ...changed(call.parameters) };
      objects[index] = { ...next, Identity: next.Name };
    }
  }

  #throwIfTold(cmdlet: string, afterEffect: boolean): void {
    const failure = this.#failures.find(
      (planned) => planned.cmdlet === cmdlet && planned.afterEffect === afterEffect && planned.times > 0,
    );
    if (!failure) return;
    failure.times -= 1;
    throw failure.error;
  }
}

function empty(): { [C in keyof Objects]: Objects[C][] } {
  return {
    'Get-InboundConnector': [],
    'Get-OutboundConnector': [],
    'Get-TransportRule': [],
    'Get-AcceptedDomain': [],
    'Get-RemoteDomain': [],
    'Get-OrganizationConfig': [],
    'Get-HostedConnectionFilterPolicy': [],
    'Get-HostedContentFilterPolicy': [],
    'Get-TenantAllowBlockListSpoofItems': [],
    'Get-AntiPhishPolicy': [],
    'Get-DkimSigningConfig': [],
    'Get-ArcConfig': [],
    'Get-ProtectionAlert': [],
    'Get-MessageTraceV2': [],
    'Get-MessageTraceDetailV2': [],
    'Validate-OutboundConnector': [],
  };
}

function textOf(call: CmdletCall, parameter: string): string {
  const value = call.parameters[parameter];
  if (typeof value !== 'string' || value === '') throw refused(call, `${parameter} is missing`);
  return value;
}

function isNamed(identity: string): (object: object) => boolean {
  const wanted = identity.toLowerCase();
  return (object) =>
    Object.entries(object).some(
      ([key, value]) =>
        ['Identity', 'Name', 'Guid', 'DomainName'].includes(key) && String(value).toLowerCase() === wanted,
    );
}

function newInbound(name: string, parameters: JsonObject): InboundConnector {
  return inboundConnector({ ...changed(parameters), Name: name });
}

function newOutbound(name: string, parameters: JsonObject): OutboundConnector {
  const plain: OutboundConnector = {
    Identity: name,
    Name: name,
    Guid: randomUUID(),
    Enabled: true,
    ConnectorType: 'Partner',
    ConnectorSource: 'Default',
    Comment: '',
    RecipientDomains: [],
    SmartHosts: [],
    UseMXRecord: true,
    TlsSettings: null,
    TlsDomain: null,
    IsTransportRuleScoped: false,
    AllAcceptedDomains: false,
    RouteAllMessagesViaOnPremises: false,
    CloudServicesMailEnabled: false,
    MtaStsMode: 'Opportunistic',
    SmtpDaneMode: 'Opportunistic',
    TestMode: false,
    ValidationRecipients: [],
    IsValidated: false,
    LastValidationTimestamp: null,
  };
  return { ...plain, ...changed(parameters) };
}

/** Parameters as the canonical reads show them: lists sorted, single values of list fields as lists. */
function changed(parameters: JsonObject): JsonObject {
  const { Identity: _identity, Confirm: _confirm, ...fields } = parameters;
  return Object.fromEntries(
    Object.entries(fields).map(([field, value]) => {
      if (Array.isArray(value)) return [field, value.map((item) => canonicalItem(field, String(item))).toSorted()];
      return [field, listFields.has(field) && typeof value === 'string' ? [canonicalItem(field, value)] : value];
    }),
  );
}

const listFields = new Set([
  'SenderDomains',
  'SenderIPAddresses',
  'EFSkipIPs',
  'EFUsers',
  'RecipientDomains',
  'SmartHosts',
]);

function canonicalItem(field: string, value: string): string {
  return field.endsWith('Domains')
    ? value
        .replace(/^smtp:/iu, '')
        .replace(/;\d+$/u, '')
        .toLowerCase()
    : value;
}

/** An inbound connector as Exchange gives it back, on and for partners unless told otherwise. */
export function inboundConnector(fields: Partial<InboundConnector> & { readonly Name: string }): InboundConnector {
  return {
    Identity: fields.Name,
    Guid: randomUUID(),
    Enabled: true,
    ConnectorType: 'Partner',
    ConnectorSource: 'Default',
    Comment: '',
    SenderDomains: ['*'],
    SenderIPAddresses: [],
    AssociatedAcceptedDomains: [],
    RequireTls: true,
    RestrictDomainsToIPAddresses: false,
    RestrictDomainsToCertificate: false,
    TlsSenderCertificateName: null,
    CloudServicesMailEnabled: false,
    TreatMessagesAsInternal: false,
    EFSkipLastIP: false,
    EFSkipIPs: [],
    EFUsers: [],
    EFTestMode: false,
    ...fields,
  };
}

function acceptedDomain(seed: string | FakeDomain, index: number): AcceptedDomain {
  const special = typeof seed === 'string' ? { DomainName: seed.toLowerCase() } : seed;
  const name = special.DomainName;
  return {
    Identity: name,
    DomainType: 'Authoritative',
    Default: index === 0,
    MatchSubDomains: false,
    SendingFromDomainDisabled: false,
    SendingToDomainDisabled: false,
    InitialDomain: /^[^.]+\.onmicrosoft\.com$/u.test(name),
    ...special,
  };
}

function refused(call: CmdletCall, why: string): RejectedError {
  return new RejectedError(`${call.cmdlet}: ${why}`, { operation: call.cmdlet, next: 'Correct the call.' });
}
