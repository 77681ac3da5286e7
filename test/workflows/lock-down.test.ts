import { describe, expect, it } from 'vitest';
import { smtpReply } from '../support/fake-smtp.ts';
import { houseFor } from '../support/memory-story.ts';
import { gatewayMx, MemorySwitchyard } from '../support/memory-switchyard.ts';
import { ada, rita } from '../support/people.ts';

const name = 'Switchyard - Inbound from ExchangeDefender';

async function enabled(house: MemorySwitchyard): Promise<boolean | undefined> {
  return (await house.connectors()).find(({ Name }) => Name === name)?.Enabled;
}

describe('lock-down', () => {
  it('is proven after two probes that agree on 550 5.7.51', async () => {
    const house = await houseFor('lock-down');
    const before = house.world.clock.now().getTime();
    const request = await house.carryThrough('lock down contoso.com');
    expect(request).toMatchObject({ state: 'done', outcome: { code: 'proven' } });
    expect(await enabled(house)).toBe(true);
    expect(house.sent()).toEqual(['Set-InboundConnector']);
    expect(await house.store.all()).toMatchObject([{ locked: true, health: 'proven' }]);
    // Settles for one minute, the second look follows a minute later.
    expect(house.world.clock.now().getTime() - before).toBe(120_000);
    expect(house.notices().map(({ notice }) => notice.kind)).toContain('settled');
  });

  it('is refused with rule, fact and remedy while a domain points at Office 365', async () => {
    const house = await houseFor('lock-down');
    house.world.dns.setMx('sales.contoso.com', ['sales-contoso-com.mail.protection.outlook.com']);
    await house.say('lock down contoso.com');
    await house.settle();
    const { state, outcome } = await house.request();
    expect(state).toBe('refused');
    expect(outcome).toMatchObject({ code: 'mx-at-gateway', left: [] });
    expect(outcome?.blockers).toEqual([
      {
        rule: expect.stringMatching(/must be one of the gateway/u),
        fact: expect.stringMatching(/still answers? sales-contoso-com/u),
        remedy: expect.stringMatching(/Whoever manages the DNS .*sales\.contoso\.com/u),
      },
    ]);
    expect(house.sent()).toEqual([]);
  });

  it('is refused while the gateway cannot be asked, which is not the same as a refusal of the gateway', async () => {
    const house = await houseFor('lock-down');
    house.world.smtp.setAnswer(gatewayMx, smtpReply(421, '4.3.2', 'busy', 'connect'));
    await house.say('lock down contoso.com');
    await house.settle();
    expect(await house.request()).toMatchObject({ state: 'refused', outcome: { code: 'gateway-accepts-mail' } });
  });

  it('is refused while the connector is not as it was set up', async () => {
    const house = await houseFor('lock-down');
    const parameters = { Identity: name, SenderIPAddresses: ['203.0.113.9'] };
    await house.world.exchange.invoke({ cmdlet: 'Set-InboundConnector', parameters });
    await house.say('lock down contoso.com');
    await house.settle();
    const { state, outcome } = await house.request();
    expect({ state, code: outcome?.code }).toEqual({ state: 'refused', code: 'connector-as-planned' });
    const fact = expect.stringContaining('SenderIPAddresses is 203.0.113.9 and should be 65.99.255.0/24');
    expect(outcome?.blockers).toMatchObject([{ fact }]);
  });

  it('is refused while somebody has narrowed the connector to some domains, which would leave the others open', async () => {
    const house = await houseFor('lock-down');
    const parameters = { Identity: name, AssociatedAcceptedDomains: ['contoso.com'] };
    await house.world.exchange.invoke({ cmdlet: 'Set-InboundConnector', parameters });
    await house.say('lock down contoso.com');
    await house.settle();
    const { state, outcome } = await house.request();
    expect({ state, code: outcome?.code }).toEqual({ state: 'refused', code: 'connector-as-planned' });
    const fact = expect.stringContaining('AssociatedAcceptedDomains is contoso.com and should be');
    expect(outcome?.blockers).toMatchObject([{ fact }]);
  });

  it('is taken back when Office 365 still accepts at the deadline', async () => {
    const house = await houseFor('lock-down');
    house.edge = 'always-open';
    const request = await house.carryThrough('lock down contoso.com');
    expect(request).toMatchObject({ state: 'undone', outcome: { code: 'proof-failed', left: [] } });
    expect(await enabled(house)).toBe(false);
    expect(house.sent()).toEqual(['Set-InboundConnector', 'Set-InboundConnector']);
    expect(request.proofs.at(-1)?.status).toBe('failed');
    expect(request.steps).toMatchObject([{ status: 'undone' }]);
    expect(await house.store.all()).toMatchObject([{ locked: false }]);
  });

  it('is taken back when every probe is unclear and nobody holds it', async () => {
    const house = await houseFor('lock-down');
    house.edge = 'silent';
    const request = await house.carryThrough('lock down contoso.com');
    expect(request).toMatchObject({ state: 'undone', outcome: { code: 'proof-missing' } });
    expect(await enabled(house)).toBe(false);
    expect(await house.store.all()).toMatchObject([{ locked: false, health: 'proven' }]);
  });

  it('ends with unknown health when every probe is unclear and somebody holds it', async () => {
    const house = await houseFor('lock-down');
    house.edge = 'silent';
    house.engine.onWait = async () => {
      const { id, takeBack } = await house.request();
      if (!takeBack || takeBack.hold) return;
      await house.say(`hold ${id}`, rita);
      await house.post();
    };
    const request = await house.carryThrough('lock down contoso.com');
    expect(request).toMatchObject({ state: 'done', outcome: { code: 'unknown' } });
    expect(await enabled(house)).toBe(true);
    expect(await house.store.all()).toMatchObject([{ locked: true, health: 'unknown' }]);
    expect(house.notices().at(-1)?.notice).toMatchObject({ kind: 'not-proven', tone: 'attention' });
  });

  it('is proven by the row of looks that was begun when time jumps over the deadline', async () => {
    const house = await houseFor('lock-down');
    let jumped = false;
    house.engine.onWait = () => {
      if (!jumped) house.world.clock.advance(7200);
      jumped = true;
      return Promise.resolve();
    };
    const request = await house.carryThrough('lock down contoso.com');
    expect(request).toMatchObject({ state: 'done', outcome: { code: 'proven' } });
  });

  it('is taken back when a person stops it while it settles', async () => {
    const house = await houseFor('lock-down');
    house.engine.onWait = async () => {
      house.engine.onWait = () => Promise.resolve();
      await house.click('stop', ada);
      const message = house.store.effects.findLast(({ kind }) => kind === 'message');
      if (message?.kind === 'message') await house.engine.send(message.runId, message.topic, true, message.key);
    };
    const request = await house.carryThrough('lock down contoso.com');
    expect(request).toMatchObject({ state: 'undone', outcome: { code: 'stopped' }, stopRequestedBy: { name: 'Ada' } });
    expect(await enabled(house)).toBe(false);
  });

  it('does not write when a person stops it before the first write', async () => {
    const house = await houseFor('lock-down');
    house.engine.onStep = async (step) => {
      if (step === '0 Set-InboundConnector') await house.click('stop', rita);
    };
    const request = await house.carryThrough('lock down contoso.com');
    expect(request).toMatchObject({ state: 'undone', outcome: { code: 'stopped' } });
    expect(request.outcome?.message).toContain('Nothing had been changed.');
    expect(house.sent()).toEqual([]);
  });

  it('stops before its write when an MX moves back after the run has started', async () => {
    const house = await houseFor('lock-down');
    house.engine.onStep = (step) => {
      if (step === '0 Set-InboundConnector') {
        house.realSeconds += 6;
        house.world.dns.setMx('contoso.com', ['contoso-com.mail.protection.outlook.com']);
      }
      return Promise.resolve();
    };
    const request = await house.carryThrough('lock down contoso.com');
    expect(request).toMatchObject({ state: 'undone', outcome: { code: 'drift' } });
    expect(house.sent()).toEqual([]);
  });

  it('is refused for a domain without a set-up of ours', async () => {
    const house = new MemorySwitchyard();
    await house.say('lock down contoso.com');
    await house.settle();
    expect(await house.request()).toMatchObject({ state: 'refused', outcome: { code: 'refused' } });
    expect((await house.request()).outcome?.next).toContain('set up gateway');
  });

  it('does not ask for the MX of the domains that belong to Microsoft', async () => {
    const domains = ['contoso.com', 'contoso.mail.onmicrosoft.com', 'contoso.onmicrosoft.com'];
    const house = new MemorySwitchyard({ acceptedDomains: domains });
    await house.carryThrough('set up gateway exchangedefender for contoso.com');
    house.moveMx();
    const { state, plan } = await house.carryThrough('lock down contoso.com');
    expect(state).toBe('done');
    const texts = plan?.warnings.map(({ text }) => text).join(' ');
    expect(texts).toContain('outside to contoso.mail.onmicrosoft.com, contoso.onmicrosoft.com is refused as well');
  });

  it('keeps its approval when one of two hosts of the gateway falls silent', async () => {
    const house = await houseFor('lock-down');
    house.world.dns.setMx('contoso.com', [gatewayMx, 'inbound31.exchangedefender.com']);
    house.world.smtp.setAnswer('inbound31.exchangedefender.com', smtpReply(250, '2.1.5', 'ok'));
    await house.say('lock down contoso.com');
    await house.settle();
    house.world.smtp.setAnswer('inbound31.exchangedefender.com', smtpReply(451, '4.7.1', 'later'));
    await house.click('approve', ada);
    await house.settle();
    expect(await house.request()).toMatchObject({ state: 'done', planVersion: 1 });
  });

  it('has nothing to do when the lock is on already', async () => {
    const house = await houseFor('lock-down');
    await house.carryThrough('lock down contoso.com');
    await house.say('lock down contoso.com');
    await house.settle();
    expect((await house.request()).state).toBe('nothing-to-do');
  });
});

describe('unlock', () => {
  it('puts direct delivery back and proves it', async () => {
    const house = await houseFor('lock-down');
    await house.carryThrough('lock down contoso.com');
    const request = await house.carryThrough('unlock contoso.com');
    expect(request).toMatchObject({ state: 'done', outcome: { code: 'proven' } });
    expect(await enabled(house)).toBe(false);
    expect(await house.store.all()).toMatchObject([{ locked: false, health: 'proven' }]);
  });

  it('stays when it turns out that mail is still refused: the brake never puts the lock back on', async () => {
    const house = await houseFor('lock-down');
    await house.carryThrough('lock down contoso.com');
    house.edge = 'always-locked';
    const request = await house.carryThrough('unlock contoso.com');
    expect(request).toMatchObject({ state: 'done', outcome: { code: 'failed' }, proofs: [{ status: 'failed' }] });
    expect(request.outcome?.next).toContain('another connector restricts delivery');
    expect(await enabled(house)).toBe(false);
    expect(await house.store.all()).toMatchObject([{ locked: false, health: 'degraded' }]);
    expect(house.notices().at(-1)?.notice).toMatchObject({ kind: 'disproven', tone: 'bad' });
  });

  it('that finds a lock-down under way says so at once and names the quicker way', async () => {
    const house = await houseFor('lock-down');
    await house.say('lock down contoso.com');
    await house.settle();
    const { id } = await house.request();
    let reply = '';
    house.engine.onWait = async () => {
      if (reply === '') reply = JSON.stringify((await house.say('unlock contoso.com', rita)).card);
    };
    await house.click('approve', ada);
    await house.settle();
    expect(reply).toContain(`“cancel ${id}”, which stops it and takes the lock off at once`);
    expect(await house.request()).toMatchObject({ workflow: 'unlock', state: 'awaiting-approval' });
  });

  it('is needed by nobody who moved the MX back: it asks for no guard', async () => {
    const house = await houseFor('lock-down');
    await house.carryThrough('lock down contoso.com');
    house.world.dns.setMx('contoso.com', 'servfail');
    expect((await house.carryThrough('unlock contoso.com')).state).toBe('done');
  });
});
