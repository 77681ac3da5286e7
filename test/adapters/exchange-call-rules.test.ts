import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkCall } from '../../src/adapters/exchange-online/check-call.ts';
import { cmdletTable } from '../../src/adapters/exchange-online/cmdlet-table.ts';
import { RefusedError } from '../../src/core/errors.ts';
import type { JsonObject } from '../../src/core/json.ts';

const documented: Readonly<Record<string, readonly string[]>> = JSON.parse(
  readFileSync(new URL('../fixtures/exchange-parameters.json', import.meta.url), 'utf8'),
);
const inbound = { Name: 'Gateway', SenderDomains: ['*'] };
const outbound = { Name: 'To the gateway' };
const host = { UseMXRecord: false, SmartHosts: ['mx.own.example'] };
const own = { ConnectorType: 'OnPremises', ...host };
const certificate = { TlsSenderCertificateName: 'mail.gateway.example' };
const traced = { MessageTraceId: '0b0b0b0b-0000-4000-8000-000000000001', RecipientAddress: 'a@contoso.com' };
const address = { SenderIPAddresses: ['203.0.113.7'] };

function refusalOf(cmdlet: string, parameters: JsonObject): string {
  const effect = cmdlet.startsWith('Get-') ? 'read' : 'write';
  try {
    checkCall({ cmdlet, parameters }, effect, new Date('2026-11-21T09:00:00Z'));
    return 'is sent';
  } catch (error) {
    if (error instanceof RefusedError) return error.message;
    throw error;
  }
}

function dotted(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');
}

function numberOf(dots: string): number {
  return dots.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
}

/** First address and size of what nothing on the internet delivers from. */
const unreachable = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const;
const microsofts = [
  ['40.92.0.0', 15],
  ['40.107.0.0', 16],
  ['52.100.0.0', 14],
  ['104.47.0.0', 17],
] as const;

function someOf(blocks: typeof unreachable | typeof microsofts): fc.Arbitrary<number> {
  return fc
    .constantFrom(...blocks)
    .chain(([first, bits]) => fc.nat(2 ** (32 - bits) - 1).map((offset) => numberOf(first) + offset));
}

/** Entries that hold the address, alone or among up to 255 others. */
function holding(number: number): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constant(dotted(number)),
    fc.integer({ min: 24, max: 32 }).map((bits) => `${dotted(number - (number % 2 ** (32 - bits)))}/${bits}`),
  );
}

/** Ranges of at most 256 addresses that hold the address somewhere. */
function rangeHolding(number: number): fc.Arbitrary<string> {
  return fc
    .tuple(fc.nat(127), fc.nat(128))
    .map(
      ([before, after]) => `${dotted(Math.max(0, number - before))}-${dotted(Math.min(2 ** 32 - 1, number + after))}`,
    );
}

describe('adapters/exchange-online/check-call: addresses', () => {
  it('refuses senders that mail never comes from, alone or in a block', () => {
    fc.assert(
      fc.property(someOf(unreachable).chain(holding), (entry) => {
        const refusal = refusalOf('New-InboundConnector', { ...inbound, SenderIPAddresses: ['203.0.113.7', entry] });
        expect(refusal).toContain(`-SenderIPAddresses is given "${entry}"`);
        expect(refusal).toMatch(/private, reserved or multicast.*Name what/u);
      }),
    );
  });

  it('refuses to skip them, or addresses of Office 365, also inside a wider range', () => {
    const bad = fc.oneof(someOf(unreachable), someOf(microsofts));
    const entries = bad.chain((number) => fc.oneof(holding(number), rangeHolding(number)));
    fc.assert(
      fc.property(entries, (entry) => {
        const refusal = refusalOf('Set-InboundConnector', { Identity: 'x', EFSkipIPs: ['203.0.113.7', entry] });
        expect(refusal).toContain(`-EFSkipIPs is given "${entry}"`);
        expect(refusal).toMatch(/Office 365 itself.*Name what/u);
      }),
    );
  });

  it('takes every other single address and block', () => {
    const anywhere = fc.integer({ min: 0, max: 2 ** 32 - 1 });
    const blocks = [...unreachable, ...microsofts, ['192.0.0.0', 24] as const, ['192.88.99.0', 24] as const];
    const isBad = (number: number) =>
      blocks.some(
        ([first, bits]) => Math.floor(number / 2 ** (32 - bits)) === Math.floor(numberOf(first) / 2 ** (32 - bits)),
      );
    fc.assert(
      fc.property(
        anywhere.filter((number) => !isBad(number)),
        (number) => {
          const entries = [dotted(number), `${dotted(number - (number % 256))}/24`];
          const parameters = { ...inbound, SenderIPAddresses: entries, EFSkipIPs: entries };
          expect(refusalOf('New-InboundConnector', parameters)).toBe('is sent');
        },
      ),
    );
  });

  it('lets a connector of its own name senders of Office 365, which a lock may need beside it', () => {
    expect(refusalOf('New-InboundConnector', { ...inbound, SenderIPAddresses: ['40.92.0.0/24'] })).toBe('is sent');
  });
});

describe('adapters/exchange-online/check-call: what excludes what', () => {
  it.each<[string, JsonObject, string]>([
    ['New-InboundConnector', { ...inbound, ...certificate, ...address }, 'make two connectors'],
    [
      'New-InboundConnector',
      { ...inbound, ...certificate, ...address, ConnectorType: 'Partner' },
      'make two connectors',
    ],
    ['Set-InboundConnector', { Identity: 'x', ...certificate, ...address, ConnectorType: 'Partner' }, 'make two'],
    [
      'New-InboundConnector',
      { ...inbound, ...address, ConnectorType: 'OnPremises', RestrictDomainsToIPAddresses: true },
      'refuses nothing. Send it to one of type Partner',
    ],
    [
      'Set-InboundConnector',
      { Identity: 'x', ConnectorType: 'OnPremises', RestrictDomainsToCertificate: true },
      'refuses nothing',
    ],
    ['New-InboundConnector', { ...inbound, TreatMessagesAsInternal: true }, '-ConnectorType OnPremises'],
    ['New-InboundConnector', { ...inbound, CloudServicesMailEnabled: true }, '-ConnectorType OnPremises'],
    ['New-OutboundConnector', outbound, 'exactly one scope'],
    ['New-OutboundConnector', { ...outbound, IsTransportRuleScoped: false, RecipientDomains: [] }, 'exactly one scope'],
    [
      'New-OutboundConnector',
      { ...outbound, IsTransportRuleScoped: true, RecipientDomains: ['*'] },
      'Send one of them',
    ],
    ['New-OutboundConnector', { ...outbound, AllAcceptedDomains: true, ...host }, '-ConnectorType OnPremises'],
    [
      'New-OutboundConnector',
      { ...outbound, ...own, AllAcceptedDomains: true, RecipientDomains: ['own.example'] },
      'Send one of them',
    ],
    [
      'New-OutboundConnector',
      { ...outbound, ConnectorType: 'OnPremises', IsTransportRuleScoped: true },
      'needs -UseMXRecord false',
    ],
    ['New-OutboundConnector', { ...outbound, ...own, RecipientDomains: ['smtp:*;1'] }, 'Name the domains instead'],
    [
      'New-OutboundConnector',
      { ...outbound, RecipientDomains: ['*'], RouteAllMessagesViaOnPremises: true },
      '-ConnectorType OnPremises',
    ],
    ['Set-OutboundConnector', { Identity: 'x', TlsDomain: 'x.example', TlsSettings: null }, 'DomainValidation'],
    [
      'Set-InboundConnector',
      { Identity: 'x', RestrictDomainsToIPAddresses: true, SenderIPAddresses: [] },
      'an empty -SenderIPAddresses exclude each other: a restriction to no address refuses everybody',
    ],
    [
      'Set-InboundConnector',
      { Identity: 'x', RestrictDomainsToCertificate: true, TlsSenderCertificateName: null },
      'a restriction to no certificate refuses everybody',
    ],
    ['Set-InboundConnector', { Identity: 'x', SenderDomains: [] }, 'name the domains, or * for all'],
    ['Set-OutboundConnector', { Identity: 'x', UseMXRecord: false, SmartHosts: [] }, 'mail must go somewhere'],
    [
      'Set-OutboundConnector',
      { Identity: 'x', TlsSettings: 'DomainValidation', TlsDomain: null },
      'a name must be compared',
    ],
    ['Remove-InboundConnector', { Identity: 'x' }, 'needs -Confirm false'],
    ['Remove-TransportRule', { Identity: 'x', Confirm: true }, 'needs -Confirm false'],
    [
      'New-TransportRule',
      { Name: 'No', RejectMessageEnhancedStatusCode: '5.7.900', RejectMessageReasonText: 'No.' },
      'the code becomes 5.7.1',
    ],
    ['Get-MessageTraceV2', { StartDate: '2026-11-01T00:00:00Z', EndDate: '2026-11-11T00:00:01Z' }, 'ten days'],
    ['Get-MessageTraceV2', { StartDate: '2026-11-02T00:00:00Z', EndDate: '2026-11-01T00:00:00Z' }, 'exchange them'],
    ['Get-MessageTraceV2', { StartDate: '2026-08-23T08:59:59Z', EndDate: '2026-08-24T00:00:00Z' }, 'from 2026-08-23'],
    ['Get-MessageTraceDetailV2', { ...traced, StartDate: '2026-11-01T00:00:00Z' }, 'ten days'],
  ])('refuses %s with %o, saying "%s"', (cmdlet, parameters, words) => {
    expect(refusalOf(cmdlet, parameters)).toContain(words);
  });

  it.each<[string, JsonObject]>([
    ['New-InboundConnector', { ...inbound, ...certificate, ...address, ConnectorType: 'OnPremises' }],
    ['New-InboundConnector', { ...inbound, ConnectorType: 'OnPremises', TreatMessagesAsInternal: true }],
    ['Set-InboundConnector', { Identity: 'x', ConnectorType: 'OnPremises', RestrictDomainsToIPAddresses: false }],
    ['Set-InboundConnector', { Identity: 'x', SenderIPAddresses: [] }],
    ['Remove-OutboundConnector', { Identity: 'x', Confirm: false }],
    ['New-OutboundConnector', { ...outbound, RecipientDomains: ['*'] }],
    ['New-OutboundConnector', { ...outbound, ...own, AllAcceptedDomains: true }],
    ['New-OutboundConnector', { ...outbound, ...own, RecipientDomains: ['*'], RouteAllMessagesViaOnPremises: true }],
    ['New-TransportRule', { Name: 'No', RejectMessageEnhancedStatusCode: '5.7.900' }],
    ['Get-MessageTraceV2', { StartDate: '2026-11-01T00:00:00Z', EndDate: '2026-11-11T00:00:00Z' }],
    ['Get-MessageTraceV2', { StartDate: '2026-08-23T09:00:00Z', EndDate: '2026-08-24T00:00:00Z' }],
    ['Get-MessageTraceDetailV2', traced],
  ])('lets %s through with %o', (cmdlet, parameters) => {
    expect(refusalOf(cmdlet, parameters)).toBe('is sent');
  });

  it('knows no parameter that is not documented, and none that is Microsoft’s own', () => {
    const reserved =
      /^(?:EFTestMode|EFSkipMailGateway|ScanAndDropRecipients|EnableSafeList|LinkForModifiedConnector)$/u;
    for (const [cmdlet, { parameters }] of cmdletTable) {
      // The compliance service and the trace are not in the list of the other cmdlets.
      const known = documented[cmdlet];
      if (known)
        expect(
          Object.keys(parameters).filter((name) => !known.includes(name)),
          cmdlet,
        ).toEqual([]);
      expect(
        Object.keys(parameters).filter((name) => reserved.test(name)),
        cmdlet,
      ).toEqual([]);
    }
    expect([...cmdletTable.keys()].filter((cmdlet) => !documented[cmdlet])).toEqual([]);
  });

  it('sends a new outbound connector with exactly one scope, whatever else is said', () => {
    const scopes = fc.record({
      IsTransportRuleScoped: fc.boolean(),
      RecipientDomains: fc.constantFrom([], ['partner.example']),
      AllAcceptedDomains: fc.boolean(),
    });
    fc.assert(
      fc.property(scopes, fc.constantFrom('Partner', 'OnPremises'), (scope, ConnectorType) => {
        const given = [scope.IsTransportRuleScoped, scope.RecipientDomains.length > 0, scope.AllAcceptedDomains];
        const count = given.filter(Boolean).length;
        const isAllowed = count === 1 && (ConnectorType === 'OnPremises' || !scope.AllAcceptedDomains);
        const refusal = refusalOf('New-OutboundConnector', { ...outbound, ...host, ConnectorType, ...scope });
        expect(refusal === 'is sent').toBe(isAllowed);
      }),
    );
  });

  it('never sends a restriction to a connector for own servers, nor both identities to one for partners', () => {
    const call = fc.record({
      ConnectorType: fc.constantFrom('Partner', 'OnPremises'),
      RestrictDomainsToIPAddresses: fc.boolean(),
      RestrictDomainsToCertificate: fc.boolean(),
      SenderIPAddresses: fc.constantFrom([], ['203.0.113.7']),
      TlsSenderCertificateName: fc.constantFrom(null, 'mail.gateway.example'),
    });
    fc.assert(
      fc.property(call, (parameters) => {
        if (refusalOf('New-InboundConnector', { ...inbound, ...parameters }) !== 'is sent') return;
        const { RestrictDomainsToCertificate: byName, RestrictDomainsToIPAddresses: byAddress } = parameters;
        if (parameters.ConnectorType === 'OnPremises') expect([byName, byAddress]).toEqual([false, false]);
        else
          expect(parameters.SenderIPAddresses.length > 0 && parameters.TlsSenderCertificateName !== null).toBe(false);
      }),
    );
  });
});

describe('adapters/exchange-online/check-call: key sizes', () => {
  it('are 1024 or 2048 and nothing between', () => {
    const domain = { DomainName: 'contoso.com', Enabled: true };
    fc.assert(
      fc.property(fc.integer({ min: 512, max: 4096 }), (KeySize) => {
        const refusal = refusalOf('New-DkimSigningConfig', { ...domain, KeySize });
        expect(refusal).toBe(
          KeySize === 1024 || KeySize === 2048
            ? 'is sent'
            : 'New-DkimSigningConfig cannot be sent like this: -KeySize must be 1024 or 2048.',
        );
      }),
      { examples: [[1024], [2048], [1536]] },
    );
  });
});
