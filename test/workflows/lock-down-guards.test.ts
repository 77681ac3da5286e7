import { describe, expect, it } from 'vitest';
import { accepted, smtpReply } from '../support/fake-smtp.ts';
import { houseFor } from '../support/memory-story.ts';
import { gatewayMx, type MemorySwitchyard } from '../support/memory-switchyard.ts';
import { person, rita } from '../support/people.ts';

const oskar = person('Oskar', '41', 'operator');
const intent = '0 Set-InboundConnector';

/** Before the write the guards are asked anew. */
function whenGuardsAreAsked(house: MemorySwitchyard, happens: () => void): void {
  house.engine.onStep = (step) => {
    if (step === intent) {
      house.realSeconds += 6;
      happens();
    }
    return Promise.resolve();
  };
}

describe('the guards of a lock-down', () => {
  it('leave the tenant alone when somebody says stop while they are asked', async () => {
    const house = await houseFor('lock-down');
    const { dns } = house.world;
    const answer = dns.mx.bind(dns);
    whenGuardsAreAsked(house, () => {
      dns.mx = async (domain) => {
        dns.mx = answer;
        await house.click('stop', rita);
        return answer(domain);
      };
    });
    const request = await house.carryThrough('lock down contoso.com');
    expect(request).toMatchObject({ state: 'undone', outcome: { code: 'stopped' } });
    expect(request.steps.map(({ status }) => status)).toEqual(['waiting']);
    expect(house.sent()).toEqual([]);
  });

  it('make the run stand still when nobody can say, and it goes on when they can', async () => {
    const house = await houseFor('lock-down');
    const { smtp } = house.world;
    whenGuardsAreAsked(house, () => smtp.setAnswer(gatewayMx, smtpReply(421, '4.3.2', 'busy', 'connect')));
    const waiting = await house.carryThrough('lock down contoso.com');
    expect(waiting).toMatchObject({ state: 'running', pause: { code: 'unavailable' } });
    expect(house.sent()).toEqual([]);
    house.engine.onStep = () => Promise.resolve();
    smtp.setAnswer(gatewayMx, accepted);
    expect(await house.order('resume', oskar)).toMatchObject({ state: 'done', outcome: { code: 'proven' } });
  });

  it('end the run when one is known to be wrong, even if another cannot be asked', async () => {
    const house = await houseFor('lock-down');
    const { dns, smtp } = house.world;
    whenGuardsAreAsked(house, () => {
      smtp.setAnswer(gatewayMx, smtpReply(421, '4.3.2', 'busy', 'connect'));
      dns.setMx('sales.contoso.com', ['sales-contoso-com.mail.protection.outlook.com']);
    });
    const request = await house.carryThrough('lock down contoso.com');
    expect(request).toMatchObject({ state: 'undone', outcome: { code: 'drift' } });
    expect(request.outcome?.message).toContain('sales.contoso.com');
    expect(house.sent()).toEqual([]);
  });
});
