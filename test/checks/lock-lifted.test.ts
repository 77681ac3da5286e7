import { describe, expect, it } from 'vitest';
import { lockLifted } from '../../src/checks/lock-lifted.ts';
import { TenantAccessError } from '../../src/core/errors.ts';
import type { InboundConnector } from '../../src/ports/exchange-online.ts';
import type { SmtpProbeResult } from '../../src/ports/smtp-probe.ts';
import { accepted, locked, smtpFailure } from '../support/fake-smtp.ts';
import { type FakeWorld, fakeWorld } from '../support/fake-world.ts';

const endpoint = 'contoso-com.mail.protection.outlook.com';
const restricted = { RestrictDomainsToIPAddresses: true, SenderDomains: ['*'] };
const ours = { ...restricted, Name: 'Ours', Enabled: false };
const theirs = { ...restricted, Name: 'Theirs', Enabled: true };

type Connector = Partial<InboundConnector> & { readonly Name: string };

function worldOf(answer: SmtpProbeResult, connectors: readonly Connector[]): FakeWorld {
  const world = fakeWorld({ smtp: { '203.0.113.1': answer }, connectors });
  world.dns.setAddresses(endpoint, ['203.0.113.1']);
  return world;
}

function run(world: FakeWorld) {
  const asked = { domain: 'contoso.com', mailbox: 'postmaster@contoso.com', ranges: ['65.99.255.0/24'] };
  return lockLifted.run(world, { ...asked, connector: 'Ours' });
}

describe('checks/lock-lifted', () => {
  it.each<[what: string, status: string, answer: SmtpProbeResult, connectors: readonly Connector[]]>([
    ['mail is accepted', 'pass', accepted, [ours]],
    ['it is refused and ours is off, as the only one', 'fail', locked, [ours]],
    ['it is refused by another lock while ours is off', 'pass', locked, [ours, theirs]],
    ['it is refused by another lock while ours is gone', 'pass', locked, [theirs]],
    ['it is refused and ours is on beside another lock', 'fail', locked, [{ ...ours, Enabled: true }, theirs]],
    ['the other lock is off', 'fail', locked, [ours, { ...theirs, Enabled: false }]],
    ['the other lock is for another domain', 'fail', locked, [ours, only(['sales.contoso.com'])]],
    ['the other lock is for this domain', 'pass', locked, [ours, only(['Contoso.com'])]],
    [
      'the other connector refuses some senders only',
      'fail',
      locked,
      [ours, { ...theirs, SenderDomains: ['a.example'] }],
    ],
    ['nobody answers beside another lock', 'unknown', smtpFailure('timeout'), [ours, theirs]],
  ])('when %s, it is %s', async (_what, status, answer, connectors) => {
    expect(await run(worldOf(answer, connectors))).toMatchObject({ check: 'lock-lifted', status });
  });

  it('says which one refuses', async () => {
    const { fact } = await run(worldOf(locked, [ours, theirs]));
    expect(fact).toContain('5.7.51');
    expect(fact).toContain('Ours is switched off, and Theirs refuses it now.');
  });

  it('is unknown when mail is refused and the connectors cannot be read', async () => {
    const world = worldOf(locked, [ours, theirs]);
    const detail = { operation: 'Get-InboundConnector', next: 'Ask the administrator.', reason: 'consent' as const };
    world.exchange.fail('Get-InboundConnector', new TenantAccessError('The consent was withdrawn.', detail));
    const finding = await run(world);
    expect(finding.status).toBe('unknown');
    expect(finding.fact).toContain('The consent was withdrawn.');
  });

  it('reads no connectors while mail is accepted', async () => {
    const world = worldOf(accepted, [ours]);
    world.exchange.fail('Get-InboundConnector', new Error('not to be read'));
    expect((await run(world)).status).toBe('pass');
  });
});

function only(domains: readonly string[]): Connector {
  return { ...theirs, AssociatedAcceptedDomains: domains };
}
