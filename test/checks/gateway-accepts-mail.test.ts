import { describe, expect, it } from 'vitest';
import { gatewayAcceptsMail } from '../../src/checks/gateway-accepts-mail.ts';
import type { SmtpProbeResult } from '../../src/ports/smtp-probe.ts';
import { accepted, smtpFailure, smtpReply } from '../support/fake-smtp.ts';
import { fakeWorld } from '../support/fake-world.ts';

const first = 'inbound30.exchangedefender.com';
const second = 'inbound31.exchangedefender.com';
const office = 'contoso-com.mail.protection.outlook.com';
const args = { domain: 'contoso.com', mailbox: 'postmaster@contoso.com' };
const relayDenied = smtpReply(554, '5.7.1', 'Relay access denied');

function check(smtp: Record<string, SmtpProbeResult>, hosts: readonly string[] = Object.keys(smtp)) {
  return gatewayAcceptsMail.run(fakeWorld({ dns: { 'contoso.com': hosts }, smtp }), args);
}

describe('checks/gateway-accepts-mail', () => {
  it.each<[what: string, status: string, results: readonly SmtpProbeResult[]]>([
    ['both hosts accept', 'pass', [accepted, accepted]],
    ['the only host accepts', 'pass', [accepted]],
    ['one accepts and the other does not answer', 'pass', [accepted, smtpFailure('timeout')]],
    ['both refuse the domain', 'fail', [relayDenied, relayDenied]],
    ['one refuses and the other does not answer', 'fail', [relayDenied, smtpFailure('timeout')]],
    ['the mailbox is unknown', 'fail', [smtpReply(550, '5.1.1', 'No such user')]],
    ['they contradict each other', 'unknown', [accepted, relayDenied]],
    ['it is busy', 'unknown', [smtpReply(451, '4.7.1', 'Greylisted')]],
    ['our address is refused at the greeting', 'unknown', [smtpReply(554, '5.7.1', 'Blocked', 'greeting')]],
    ['our sender fails SPF', 'unknown', [smtpReply(550, '5.7.23', 'SPF')]],
    ['only the sender was accepted', 'unknown', [smtpReply(250, '2.1.0', 'Sender OK', 'mail')]],
    ['nothing can be reached', 'unknown', [smtpFailure('unreachable')]],
  ])('when %s, the finding is %s', async (_what, status, results) => {
    const hosts = [first, second].slice(0, results.length);
    const smtp = Object.fromEntries(hosts.map((host, index) => [host, results[index] ?? accepted]));

    const finding = await check(smtp, hosts);

    expect(finding).toMatchObject({ check: 'gateway-accepts-mail', status });
    expect(finding.remedy === '').toBe(status === 'pass');
  });

  it('asks two hosts at most, best preference first, with a sender from outside', async () => {
    const world = fakeWorld({ dns: { 'contoso.com': ['30 c.example', '10 a.example', '20 b.example'] } });

    await gatewayAcceptsMail.run(world, args);

    expect(world.smtp.requests.map(({ host }) => host).toSorted()).toEqual(['a.example', 'b.example']);
    expect(world.smtp.requests[0]).toMatchObject({ to: args.mailbox, from: 'switchyard-probe@example.net' });
  });

  it('never asks Office 365', async () => {
    const world = fakeWorld({ dns: { 'contoso.com': [office] }, smtp: { [office]: accepted } });

    expect(await gatewayAcceptsMail.run(world, args)).toMatchObject({ status: 'unknown' });
    expect(world.smtp.requests).toEqual([]);
  });

  it('asks only hosts of the gateway when its patterns are given', async () => {
    const world = fakeWorld({
      dns: { 'contoso.com': ['mx1.oldgate.example'] },
      smtp: { 'mx1.oldgate.example': accepted },
    });
    const withPatterns = { ...args, mxPatterns: ['(^|\\.)exchangedefender\\.com$'] };

    expect(await gatewayAcceptsMail.run(world, withPatterns)).toMatchObject({ status: 'unknown' });
    expect(world.smtp.requests).toEqual([]);
  });

  it('does not know when the host has no address', async () => {
    const world = fakeWorld({ dns: { 'contoso.com': [first] }, smtp: { [first]: accepted } });
    world.dns.setAddresses(first, []);

    expect(await gatewayAcceptsMail.run(world, args)).toMatchObject({ status: 'unknown' });
  });

  it('says what the host said', async () => {
    const { fact } = await check({ [first]: relayDenied });

    expect(fact).toBe(`Asked about postmaster@contoso.com: ${first} answers 554 5.7.1 Relay access denied.`);
  });
});
