import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { canonical } from '../../src/adapters/exchange-online/canonical.ts';
import { checkCall, checkInverse, problemWithInverse } from '../../src/adapters/exchange-online/check-call.ts';
import { bodyOf } from '../../src/adapters/exchange-online/encode.ts';
import type { Change, CmdletCall } from '../../src/core/change.ts';
import { RefusedError } from '../../src/core/errors.ts';
import type { Json, JsonObject } from '../../src/core/json.ts';
import type { InboundConnector } from '../../src/ports/exchange-online.ts';
import { findAnyCmdlet, runAsColleague } from '../../src/rehearsal/exchange/colleague.ts';
import { ExchangeError } from '../../src/rehearsal/exchange/exchange-error.ts';
import { setInboundConnector } from '../../src/steps/set-inbound-connector.ts';
import { forEverybody } from '../../src/workflows/shared/for-everybody.ts';
import { type SmallWorld, smallWorld } from '../rehearsal/small-world.ts';
import { inboundConnector } from '../support/fake-exchange.ts';
import { scriptedContoso } from '../support/scripted-contoso.ts';
import { jsonAnswer } from '../support/scripted-https.ts';

const name = 'Gateway';
const now = new Date('2026-11-21T09:00:00Z');
const ranges = ['65.99.255.0/24'];
/** What setting up a gateway brings its connector back to. */
const fields = {
  ConnectorType: 'Partner',
  SenderDomains: ['*'],
  SenderIPAddresses: ranges,
  RequireTls: true,
  RestrictDomainsToIPAddresses: true,
  Enabled: false,
  Comment: 'ours',
  EFSkipIPs: ranges,
  EFSkipLastIP: false,
  ...forEverybody,
  EFUsers: [],
} as const;

const contoso = scriptedContoso();

function backFrom(state: Partial<InboundConnector>): Change & { call: CmdletCall; inverse: CmdletCall } {
  const held = inboundConnector({ Name: name, ...fields, SenderDomains: ['*'], ...state });
  const change = setInboundConnector.preview({ name, title: 't', risky: false, fields }, { ...held });
  const { call, inverse } = change;
  return call && inverse ? { ...change, call, inverse } : expect.fail('nothing differs');
}

/** What an administrator may have made of a connector, each refused where it is new. */
const drifted: [string, Partial<InboundConnector>][] = [
  ['a wide range that is skipped', { EFSkipIPs: ['65.99.0.0/16'] }],
  ['a private address that is skipped', { EFSkipIPs: ['10.0.0.1'] }],
  ['a user without an address', { EFUsers: ['alex test'] }],
  ['a long comment', { Comment: 'x'.repeat(1025) }],
  ['a domain of one label', { SenderDomains: ['localonly'] }],
  [
    'a restriction that refuses nothing',
    {
      ConnectorType: 'OnPremises',
      RestrictDomainsToIPAddresses: false,
      RestrictDomainsToCertificate: true,
      TlsSenderCertificateName: 'mail.gateway.example',
    },
  ],
  ['a certificate without TLS', { RequireTls: false, TlsSenderCertificateName: 'mail.gateway.example' }],
  ['a certificate with its issuer', { TlsSenderCertificateName: '<I>C=US, O=CA<S>CN=mail.gateway.example' }],
  ['a wide block of senders', { SenderIPAddresses: ['65.99.0.0/16'] }],
  ['no sender domain', { SenderDomains: [] }],
];

describe('adapters/exchange-online: the inverse of a change', () => {
  it.each(drifted)('sets back %s, as Exchange held it', async (_, state) => {
    const { call, inverse } = backFrom(state);
    expect(() => checkCall(call, 'write', now)).not.toThrow();
    expect(contoso.exchange().whyNotRestored(inverse)).toBeNull();
    contoso.server.answer(jsonAnswer(200, { '@adminapi.warnings': ['Careful.'] }));
    expect(await contoso.exchange().restore(inverse)).toEqual({ warnings: ['Careful.'] });
    expect(JSON.parse(contoso.server.received[0]?.body ?? '')).toEqual(bodyOf(inverse));
  });

  it('may say what a new value may not', () => {
    const states = drifted.map(([, state]) => state);
    const refused = states.filter((state) => {
      try {
        checkCall(backFrom(state).inverse, 'write', now);
        return false;
      } catch {
        return true;
      }
    });
    expect(refused).toEqual(states);
  });

  it.each<[string, CmdletCall, string]>([
    ['another cmdlet', { cmdlet: 'New-ManagementRole', parameters: {} }, 'no write cmdlet'],
    ['a read', { cmdlet: 'Get-InboundConnector', parameters: { Identity: name } }, 'no write cmdlet'],
    ['another parameter', set({ EFTestMode: true }), 'never sent with a parameter EFTestMode'],
    ['no identity', { cmdlet: 'Set-InboundConnector', parameters: { Enabled: true } }, 'needs -Identity'],
    ['an identity of several', set({ Identity: '*' }), 'exactly one object'],
    ['an empty identity', set({ Identity: '' }), 'exactly one object'],
    ['text for a flag', set({ Enabled: 'yes' }), 'must be true or false'],
    ['a word that is none', set({ ConnectorType: 'Both' }), 'must be one of'],
    ['an object for a list', set({ EFUsers: { Add: ['a@contoso.com'] } }), 'must be a list'],
    ['numbers in a list', set({ EFSkipIPs: [7] }), 'must be text'],
    ['control characters', set({ Comment: 'a\u0000b' }), '-Comment must not contain control characters'],
    ['half a character', set({ EFUsers: ['\ud800'] }), 'control characters'],
    ['lines in a name', set({ TlsSenderCertificateName: 'a\r\nb' }), 'control characters'],
    [
      'a removal that Exchange would ask about',
      { cmdlet: 'Remove-InboundConnector', parameters: { Identity: name } },
      'needs -Confirm false',
    ],
    [
      'a removal of nothing in particular',
      {
        cmdlet: 'Remove-TenantAllowBlockListSpoofItems',
        parameters: { Identity: 'default', Ids: [], Confirm: false },
      },
      'needs -Ids',
    ],
  ])('is never sent with %s', async (_, inverse, words) => {
    expect(contoso.exchange().whyNotRestored(inverse)).toContain(words);
    await expect(contoso.exchange().restore(inverse)).rejects.toThrow(words);
    await expect(contoso.exchange().restore(inverse)).rejects.toBeInstanceOf(RefusedError);
    expect(contoso.server.received).toHaveLength(0);
  });

  it('takes lines and tabs in a comment, which people write', () => {
    expect(problemWithInverse(set({ Comment: 'Ours.\r\nAsk the help desk\tfirst.' }), now)).toBeNull();
  });
});

function set(parameters: JsonObject): CmdletCall {
  return { cmdlet: 'Set-InboundConnector', parameters: { Identity: name, ...parameters } };
}

const certificates = ['mail.gateway.example', '*.gateway.example', '<I>C=US, O=CA<S>CN=mail.gateway.example', null];
const skipped = ['65.99.255.7', '65.99.0.0/16', '65.0.0.0/8', '65.99.1.1-65.99.9.9', '198.51.100.0/24', '10.0.0.1'];
const colleagueWrites = fc.record<Record<string, Json>>(
  {
    AssociatedAcceptedDomains: fc.constantFrom([], ['contoso.com'], ['contoso.com', 'sales.contoso.com']),
    CloudServicesMailEnabled: fc.boolean(),
    Comment: fc.oneof(fc.constantFrom('ours', '', null, 'two\r\nlines', 'ü\t–'), fc.constant('x'.repeat(1025))),
    ConnectorType: fc.constantFrom('Partner', 'OnPremises'),
    EFSkipIPs: fc.subarray(skipped),
    EFSkipLastIP: fc.boolean(),
    EFUsers: fc.constantFrom([], ['Alex Test'], ['alex@contoso.com', "o'neill/x"]),
    Enabled: fc.boolean(),
    RequireTls: fc.boolean(),
    RestrictDomainsToCertificate: fc.boolean(),
    RestrictDomainsToIPAddresses: fc.boolean(),
    SenderDomains: fc.constantFrom(['*'], ['localonly'], ['smtp:*.fabrikam.com;5'], ['fabrikam.com', '*.x.example']),
    SenderIPAddresses: fc.constantFrom([], ['65.99.255.0/24'], ['198.51.100.7', '203.0.113.0/24']),
    TlsSenderCertificateName: fc.constantFrom(...certificates),
    TreatMessagesAsInternal: fc.boolean(),
  },
  { requiredKeys: [] },
);

describe('adapters/exchange-online: whatever the simulated cloud can hold', () => {
  let small: SmallWorld;

  beforeEach(async () => {
    small = await smallWorld();
  });

  function run({ cmdlet, parameters }: CmdletCall): boolean {
    const { world, contoso: tenant } = small;
    const found = findAnyCmdlet(cmdlet) ?? expect.fail(cmdlet);
    const outcome = runAsColleague(world, tenant, found, parameters);
    // Reads by identity lag behind.
    world.clock.advance(3_600_000);
    return !(outcome instanceof ExchangeError);
  }

  function held(): JsonObject {
    const [stored] = small.contoso.stores.inboundConnectors.stored();
    return { ...canonical['Get-InboundConnector'](stored) };
  }

  it('can be set back after a change of ours', () => {
    const { switches } = small.contoso;
    Object.assign(switches, { longCommentsAllowed: true, looseRestrictions: true, onPremisesInboundAllowed: true });
    const parameters = { Name: name, SenderDomains: ['*'], Enabled: true };
    expect(run({ cmdlet: 'New-InboundConnector', parameters })).toBe(true);
    let tried = 0;
    fc.assert(
      fc.property(colleagueWrites, (written) => {
        if (!run(set(written))) return;
        const before = held();
        const { call, inverse } = setInboundConnector.preview({ name, title: 't', risky: false, fields }, before);
        if (!call || !inverse) return;
        tried += 1;
        expect(problemWithInverse(inverse, now)).toBeNull();
        expect(() => checkInverse(inverse, now)).not.toThrow();
        checkCall(call, 'write', now);
        if (!run(call)) return;
        expect(run(inverse)).toBe(true);
        expect(held()).toEqual(before);
      }),
      { numRuns: 1500 },
    );
    expect(tried).toBeGreaterThan(400);
  });
});
