import { describe, expect, it } from 'vitest';
import { directDeliveryRefused } from '../../src/checks/direct-delivery-refused.ts';
import { TenantAccessError, UnavailableError } from '../../src/core/errors.ts';
import type { SmtpProbeResult } from '../../src/ports/smtp-probe.ts';
import { accepted, locked, smtpFailure, smtpReply } from '../support/fake-smtp.ts';
import { type FakeWorld, fakeWorld } from '../support/fake-world.ts';

const endpoint = 'contoso-com.mail.protection.outlook.com';
const frontEnds = ['203.0.113.1', '203.0.113.2'];
const unknownMailbox = smtpReply(550, '5.4.1', 'Recipient address rejected: Access denied.');
const busy = smtpReply(451, '4.7.500', 'Server busy.');

function worldOf(results: readonly SmtpProbeResult[]): FakeWorld {
  const addresses = frontEnds.slice(0, results.length);
  const world = fakeWorld({
    smtp: Object.fromEntries(addresses.map((address, index) => [address, results[index] ?? busy])),
  });
  world.dns.setAddresses(endpoint, addresses);
  return world;
}

function run(world: FakeWorld, expected: 'refused' | 'accepted' = 'refused') {
  const ranges = ['65.99.255.0/24'];
  const mailbox = 'postmaster@contoso.com';
  return directDeliveryRefused.run(world, { domain: 'contoso.com', mailbox, ranges, expect: expected });
}

describe('checks/direct-delivery-refused', () => {
  it.each<[what: string, locks: string, opens: string, results: readonly SmtpProbeResult[]]>([
    ['both front ends refuse by the lock', 'pass', 'fail', [locked, locked]],
    ['the only front end refuses by the lock', 'pass', 'fail', [locked]],
    ['both accept', 'fail', 'pass', [accepted, accepted]],
    ['they do not agree yet', 'fail', 'fail', [locked, accepted]],
    ['one is locked and the other busy', 'unknown', 'fail', [locked, busy]],
    ['the mailbox does not exist', 'unknown', 'unknown', [unknownMailbox]],
    ['it is refused for another reason', 'unknown', 'unknown', [smtpReply(550, '5.7.1', 'Denied')]],
    ['it is Direct Send that is refused', 'unknown', 'unknown', [smtpReply(550, '5.7.68', 'Direct Send not allowed')]],
    ['port 25 is closed here', 'unknown', 'unknown', [smtpFailure('timeout')]],
  ])('when %s, a lock is %s and an unlock is %s', async (_what, locks, opens, results) => {
    expect(await run(worldOf(results), 'refused')).toMatchObject({ status: locks });
    expect(await run(worldOf(results), 'accepted')).toMatchObject({ status: opens });
  });

  it('proves nothing from an address the connector lets in', async () => {
    const world = worldOf([locked]);
    world.smtp.egressAddresses = ['198.51.100.25', '65.99.255.7'];

    const finding = await run(world);

    expect(finding).toMatchObject({ status: 'unknown' });
    expect(finding.fact).toContain('65.99.255.7');
    expect(world.smtp.requests).toEqual([]);
  });

  it('proves nothing when its own address is not known', async () => {
    const world = worldOf([locked]);
    world.smtp.egressAddresses = [];

    expect(await run(world)).toMatchObject({ status: 'unknown' });
    expect(world.smtp.requests).toEqual([]);
  });

  it('asks the host that the directory names, whatever it is called', async () => {
    const world = worldOf([locked]);
    world.directory.mailHosts.set('contoso.com', 'contoso-com.d-v1.mx.microsoft');
    world.dns.setAddresses('contoso-com.d-v1.mx.microsoft', frontEnds.slice(0, 1));
    const { status, fact } = await run(world);
    expect([status, fact]).toEqual(['pass', expect.stringContaining('contoso-com.d-v1.mx.microsoft')]);
  });

  it.each([
    [
      'app-role',
      new TenantAccessError('Missing (403).', { operation: 'x', next: 'x', reason: 'app-role' }),
      'Domain.Read.All',
    ],
    ['outage', new UnavailableError('Graph did not answer.', { operation: 'x', next: 'Wait.' }), 'Wait.'],
    ['no record', null, 'admin center'],
  ])('knows nothing without a host that Microsoft names, and guesses none: %s', async (_why, error, remedy) => {
    const world = worldOf([locked]);
    world.directory.error = error;
    if (!error) world.directory.mailHosts.set('contoso.com', null);
    const finding = await run(world);
    expect(finding).toMatchObject({ status: 'unknown', evidence: { endpoint: '', verdicts: [] } });
    expect(finding.remedy).toContain(remedy);
  });

  it('does not know when the endpoint has no address', async () => {
    expect(await run(worldOf([]))).toMatchObject({ status: 'unknown', evidence: { endpoint, verdicts: [] } });
  });

  it('says what each front end said and what it means', async () => {
    const { fact, evidence } = await run(worldOf([accepted, locked]));

    expect(fact).toContain(`${endpoint} (203.0.113.1) answers 250 2.1.5 Recipient OK`);
    expect(fact).toContain('550 5.7.51 TenantInboundAttribution');
    expect(evidence).toEqual({ endpoint, expect: 'refused', verdicts: ['accepted', 'refused-by-lock'] });
  });

  it('tells everybody what to do unless it passes', async () => {
    for (const results of [[accepted], [busy], [unknownMailbox], [smtpFailure('timeout')], []]) {
      expect((await run(worldOf(results))).remedy).not.toBe('');
    }
    expect((await run(worldOf([locked]))).remedy).toBe('');
  });
});
