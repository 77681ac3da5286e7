import { describe, expect, it } from 'vitest';
import type { Warning } from '../../src/core/workflow.ts';
import type { FakeWorldSeed } from '../support/fake-world.ts';
import { MemorySwitchyard } from '../support/memory-switchyard.ts';

type Answer = Parameters<MemorySwitchyard['world']['dns']['setTexts']>[1];

async function warnings(policy: Answer, seed: FakeWorldSeed = {}): Promise<readonly Warning[]> {
  const house = new MemorySwitchyard(seed);
  house.world.dns.setTexts('_mta-sts.contoso.com', policy);
  await house.say('set up gateway exchangedefender for contoso.com');
  await house.settle();
  const { plan } = await house.request();
  return plan?.warnings ?? [];
}

describe('workflows, what a move of MX means for senders that insist on a safe way', () => {
  it('warns that an announced policy may make senders refuse the gateway', async () => {
    expect(await warnings(['v=STSv1; id=20261101;'])).toMatchObject([
      {
        level: 'danger',
        word: 'refuses-mail',
        text: expect.stringMatching(/id 20261101.*hosts of ExchangeDefender.*max_age.*before MX is moved/u),
      },
    ]);
  });

  it.each<[string, Answer]>([
    ['is none', 'nxdomain'],
    ['is something else', ['v=spf1 -all']],
    ['are two, which senders take for none', ['v=STSv1; id=1', 'v=STSv1; id=2']],
  ])('says nothing where there %s', async (_, policy) => {
    expect(await warnings(policy)).toEqual([]);
  });

  it.each<Answer>(['timeout', 'servfail', 'refused'])('does not take %s for no policy', async (policy) => {
    expect(await warnings(policy)).toMatchObject([
      { level: 'notice', text: expect.stringContaining('is not known: no resolver answered') },
    ]);
  });

  it('says what becomes of DANE where MX is the host of Microsoft for it', async () => {
    const host = 'contoso-com.b-v1.mx.microsoft';
    expect(await warnings('nxdomain', { dns: { 'contoso.com': [host] } })).toMatchObject([
      { level: 'notice', text: expect.stringMatching(new RegExp(`${host}.*TLSA.*must not stay beside`, 'u')) },
    ]);
  });
});
