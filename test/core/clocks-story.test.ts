import { beforeEach, describe, expect, it } from 'vitest';
import type { Reply } from '../../src/commands/turn.ts';
import { lookOnce } from '../../src/core/due-loop.ts';
import type { Actor } from '../../src/core/person.ts';
import type { PolicyDocument } from '../../src/core/policy/approval-policy.ts';
import { MemorySwitchyard } from '../support/memory-switchyard.ts';
import { ada, ben, rita } from '../support/people.ts';
import { policyDocument } from '../support/policy.ts';

const setUp = 'set up gateway exchangedefender for contoso.com';
/** May ask, decide, and start alone. */
const ruth: Actor = { ...ada, roles: ['requester', 'approver', 'break-glass'] };

let house: MemorySwitchyard;

async function under(changes: Partial<PolicyDocument>): Promise<void> {
  house = new MemorySwitchyard();
  const usual = policyDocument();
  const rule = { ...usual.rules.high, inChangeWindow: true };
  await house.policies.replace(1, { ...usual, rules: { none: rule, normal: rule, high: rule }, ...changes });
}

/** Time goes on to this moment, what is due happens, and what follows is carried out. */
async function at(iso: string): Promise<void> {
  const { clock } = house.world;
  clock.advance((Date.parse(iso) - clock.now().getTime()) / 1000);
  const failed: unknown[] = [];
  await lookOnce(house.services, new AbortController().signal, (error) => failed.push(error));
  expect(failed).toEqual([]);
  await house.settle();
}

const writes = (): string[] => house.sent().filter((cmdlet) => !cmdlet.startsWith('Get-'));
const textOf = ({ card }: Reply): string => JSON.stringify(card.model);

describe('a change that waits for its window', () => {
  // The day is Saturday 21 November 2026, 09:00 UTC.
  beforeEach(async () => {
    await under({
      timeZone: 'Europe/Berlin',
      changeWindows: [{ days: ['sat'], from: '22:00', to: '02:00' }],
      breakGlass: { people: [ruth.objectId], groups: [], answerWithinHours: 4 },
      requesters: { people: [rita.objectId, ruth.objectId], groups: [] },
    });
    await house.carryThrough(setUp);
  });

  it('is approved ahead, writes nothing before, and runs when the window opens', async () => {
    expect(await house.request()).toMatchObject({ state: 'approved', clocks: { hold: { freeze: null } } });
    await at('2026-11-21T20:59:00.000Z');
    expect(writes()).toEqual([]);
    await at('2026-11-21T21:00:00.000Z');
    expect((await house.request()).state).toBe('done');
    expect(writes()).not.toEqual([]);
  });

  it('is held against fresh reads at the start, and writes nothing when a stranger took its name meanwhile', async () => {
    const { plan } = await house.request();
    const Name = plan?.changes[0]?.object.identity ?? '';
    const parameters = { Name, ConnectorType: 'Partner', SenderDomains: ['smtp:*;1'], Enabled: true };
    await house.world.exchange.invoke({ cmdlet: 'New-InboundConnector', parameters });
    // No real time has passed: what was read before the wait does not count, however fast the wait went by.
    await at('2026-11-21T21:00:00.000Z');
    expect(await house.request()).toMatchObject({
      state: 'refused',
      decisions: [{ voided: true }],
      clocks: { hold: null, startBy: null, nextDue: null },
    });
    expect(writes()).toEqual(['New-InboundConnector']);
  });

  it('can be stopped while it waits', async () => {
    const { id } = await house.request();
    await house.say(`cancel ${id}`, rita);
    await at('2026-11-21T21:00:00.000Z');
    expect((await house.request()).state).toBe('cancelled');
    expect(writes()).toEqual([]);
  });

  it('starts at once by break-glass, which bars the person until it is answered for and reviewed', async () => {
    const { id } = await house.request();
    expect(await house.click('break-glass', ruth)).toMatchObject({ code: 'reason-needed' });
    const reason = 'the gateway must be in place before the audit';
    const { model } = (await house.say(`break glass ${id} ${reason}`, ruth)).card;
    expect(model).toMatchObject({ requestId: id, reason });
    const data = Object.fromEntries(
      ['requestId', 'digest', 'nonce', 'place', 'reason'].map((name) => [name, model[name]]),
    );
    await house.click('start-alone', ruth, data);
    await house.settle();
    expect((await house.request()).state).toBe('done');

    const barred = await house.say('set up gateway exchangedefender for sales.contoso.com', ruth);
    expect(textOf(barred)).toContain(`answer ${id}`);
    await house.say(`answer ${id} it was needed for the audit and works`, ruth);
    const early = await house.say(`review ${id} well done`, ben);
    expect(textOf(early)).toContain('ok or objection');
    await house.say(`review ${id} ok`, ben);
    expect((await house.store.get(id))?.breakGlass?.review).toMatchObject({ verdict: 'accepted', by: { name: 'Ben' } });
    const free = await house.say('set up gateway exchangedefender for sales.contoso.com', ruth);
    expect(textOf(free)).not.toContain(`answer ${id}`);
  });
});
