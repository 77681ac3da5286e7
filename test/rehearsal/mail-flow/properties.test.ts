import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOn, listOf } from '../../../src/rehearsal/exchange/exchange-object.ts';
import { type FlowSwitches, usualSwitches } from '../../../src/rehearsal/mail-flow/flow-switches.ts';
import { type Journey, submit, travel } from '../../../src/rehearsal/mail-flow/journey.ts';
import { certificateCarries, holdsAddress } from '../../../src/rehearsal/mail-flow/match.ts';
import { outcomeKinds } from '../../../src/rehearsal/mail-flow/stop.ts';
import { randomKnock, randomMessage, randomSetup } from './random-mail.ts';
import { cloud, lock, passes, rule } from './small-cloud.ts';

const randomSwitches: fc.Arbitrary<FlowSwitches> = fc.constantFrom(
  usualSwitches,
  ...Object.keys(usualSwitches).map((name) => ({ ...usualSwitches, [name]: true })),
);
const net = { serves: { 'out.gateway.example': ['contoso.com'], 'mail.own.example': ['sales.contoso.com'] } };

/** Every copy that a pass made and did not end goes on, so as many ends as copies. */
function copiesOf(journey: Journey): number {
  const made = passes(journey).map(({ endings }) => endings.length - 1);
  return made.reduce((sum, more) => sum + more, 1);
}

describe('rehearsal/mail-flow, whatever an organisation holds', () => {
  it('lets no message disappear', () => {
    fc.assert(
      fc.property(
        randomSetup,
        randomMessage,
        randomKnock,
        randomSwitches,
        fc.boolean(),
        (setup, mail, arrival, switches, isUser) => {
          const world = cloud([setup], net, switches);
          const journey = isUser ? submit(world, setup, mail) : travel(world, mail, arrival);
          expect(journey.outcomes).toHaveLength(copiesOf(journey));
          for (const { kind } of journey.outcomes) expect(outcomeKinds).toContain(kind);
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('does the same with the same', () => {
    fc.assert(
      fc.property(randomSetup, randomMessage, randomKnock, (setup, mail, arrival) => {
        const once = travel(cloud([setup], net), mail, arrival);
        expect(travel(cloud([structuredClone(setup)], net), structuredClone(mail), arrival)).toEqual(once);
      }),
      { numRuns: 500 },
    );
  });

  it('runs no rule after one that stops the processing', () => {
    fc.assert(
      fc.property(randomSetup, randomMessage, randomKnock, fc.nat(5), (setup, mail, arrival, at) => {
        const stop = rule(0, { Name: 'Stop here', StopRuleProcessing: true, Mode: 'Enforce' });
        const transportRules = setup.transportRules
          .toSpliced(at, 0, stop)
          .map((one, Priority) => ({ ...one, Priority }));
        for (const { rules } of passes(travel(cloud([{ ...setup, transportRules }], net), mail, arrival))) {
          const index = rules.findIndex(({ name }) => name === 'Stop here');
          if (index >= 0) expect(rules.slice(index + 1)).toEqual([]);
        }
      }),
      { numRuns: 800 },
    );
  });

  it('lets nobody past a lock whom no connector names', () => {
    fc.assert(
      fc.property(randomSetup, randomMessage, randomKnock, (setup, mail, arrival) => {
        const locked = { ...setup, inboundConnectors: [...setup.inboundConnectors, lock] };
        const isNamed = locked.inboundConnectors.some(
          (one) =>
            isOn(one, 'Enabled') &&
            (holdsAddress(listOf(one, 'SenderIPAddresses'), arrival.source) ||
              (arrival.tls && certificateCarries(arrival.certificate, String(one['TlsSenderCertificateName'] ?? '?')))),
        );
        fc.pre(!isNamed);
        const journey = travel(cloud([locked], net), mail, arrival);
        expect(passes(journey)).toEqual([]);
        expect(journey.outcomes[0]?.detail).toMatch(/^550 5\.7\.(51|64) /u);
      }),
      { numRuns: 800 },
    );
  });

  it('refuses nobody because of an OnPremises connector', () => {
    fc.assert(
      fc.property(randomSetup, randomMessage, randomKnock, (setup, mail, arrival) => {
        const without = {
          ...setup,
          inboundConnectors: setup.inboundConnectors.filter((one) => one['ConnectorType'] !== 'OnPremises'),
        };
        const isLetIn = passes(travel(cloud([without], net), mail, arrival)).length > 0;
        if (isLetIn) expect(passes(travel(cloud([setup], net), mail, arrival)).length).toBeGreaterThan(0);
      }),
      { numRuns: 800 },
    );
  });

  it('delivers a blocked file to nobody, whoever sends it', () => {
    const files = ['cd'.repeat(32)];
    const entry = { ListType: 'FileHash', Value: files[0] ?? '', Action: 'Block' };
    fc.assert(
      fc.property(randomSetup, randomMessage, randomKnock, fc.boolean(), (setup, mail, arrival, isUser) => {
        const blocking = { ...setup, allowBlockItems: [...setup.allowBlockItems, entry] };
        const world = cloud([blocking], net);
        const message = { ...mail, traits: { ...mail.traits, files } };
        const { outcomes } = isUser ? submit(world, blocking, message) : travel(world, message, arrival);
        for (const { kind } of outcomes) expect(['inbox', 'junk']).not.toContain(kind);
      }),
      { numRuns: 500 },
    );
  });

  it('delivers malware to nobody', () => {
    fc.assert(
      fc.property(randomSetup, randomMessage, randomKnock, (setup, mail, arrival) => {
        const { outcomes } = travel(cloud([setup], net), { ...mail, content: 'malware' }, arrival);
        expect(outcomes.map(({ kind }) => kind)).not.toContain('inbox');
      }),
      { numRuns: 500 },
    );
  });
});
