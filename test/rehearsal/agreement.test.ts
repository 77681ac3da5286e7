import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical } from '../../src/adapters/exchange-online/canonical.ts';
import { type Readings, usualReadings } from '../../src/mail/routing/readings.ts';
import { routeMessage } from '../../src/mail/routing/route-message.ts';
import { routeUnder } from '../../src/mail/routing/route-under.ts';
import type { Route, RouteVerdict, RoutingMessage, RoutingTenant } from '../../src/mail/routing/types.ts';
import { type ExchangeValue, isOn, textOf } from '../../src/rehearsal/exchange/exchange-object.ts';
import { type Journey, submit, travel } from '../../src/rehearsal/mail-flow/journey.ts';
import { type Arrival, headerValues, type MailMessage } from '../../src/rehearsal/mail-flow/mail-message.ts';
import { hasMailbox, type Setup } from '../../src/rehearsal/mail-flow/setup.ts';
import { firstScl } from '../../src/rehearsal/mail-flow/spam-filter.ts';
import type { Ending, TenantPass } from '../../src/rehearsal/mail-flow/tenant-pass.ts';
import { loopMark } from '../../src/rehearsal/mail-flow/transport-rules.ts';
import { randomKnock, randomMessage, randomSetup } from './mail-flow/random-mail.ts';
import { cloud } from './mail-flow/small-cloud.ts';

/** What the product would read of the organisation, in the form in which it keeps it. */
function tenantView(setup: Setup): RoutingTenant {
  return {
    acceptedDomains: setup.acceptedDomains.map((one) => canonical['Get-AcceptedDomain'](one)),
    inboundConnectors: setup.inboundConnectors.map((one) => canonical['Get-InboundConnector'](one)),
    outboundConnectors: setup.outboundConnectors.map((one) => canonical['Get-OutboundConnector'](one)),
    transportRules: setup.transportRules.map((one) => canonical['Get-TransportRule'](one)),
    remoteDomains: setup.remoteDomains.map((one) => canonical['Get-RemoteDomain'](one)),
    rejectDirectSend: setup.organizationConfig.some((one) => isOn(one, 'RejectDirectSend')),
  };
}

/** The message of a pass, as the product would ask about it. */
function asked(setup: Setup, mail: MailMessage, arrival: Arrival, scl: number | null): RoutingMessage {
  const { from, headerFrom, to, headers, type, size } = mail;
  return {
    origin: arrival.by === 'submission' ? { by: 'user' } : { ...arrival, by: 'server', address: arrival.source },
    from,
    headerFrom,
    to,
    headers,
    type,
    size,
    scl,
    recipientExists: hasMailbox(setup, to),
    divertedBy: divertedBy(setup, mail),
    at: setup.now,
  };
}

/** The product is told rules by their names. */
function divertedBy(setup: Setup, mail: MailMessage): string[] {
  const marks = headerValues(mail, 'X-MS-Exchange-Transport-Rules-Loop');
  return setup.transportRules
    .filter((one) => marks.includes(loopMark(setup.id, one)))
    .map((one) => textOf(one, 'Name'));
}

/** One pass as both would tell it. */
interface Told {
  readonly connectorIn: string | null;
  readonly rules: readonly string[];
  readonly copies: readonly string[];
}

function toldByModel({ connectorIn, rules, copies }: Route): Told {
  const told = copies.map(({ recipient, connectorOut, verdict }) => {
    const isEnded = verdict.kind !== 'sent' && verdict.kind !== 'delivered';
    return isEnded ? words(verdict) : `${person(recipient)} ${connectorOut ?? '-'} ${words(verdict)}`;
  });
  return { connectorIn, rules: rules.map(({ name }) => name), copies: told.toSorted() };
}

function words(verdict: RouteVerdict): string {
  return 'code' in verdict ? `${verdict.kind} ${verdict.code}` : verdict.kind;
}

function toldByEngine(pass: TenantPass): Told {
  return {
    connectorIn: pass.connectorIn,
    rules: pass.rules.map(({ name }) => name),
    copies: pass.endings.map(copyOf).toSorted(),
  };
}

/** Folders and DMARC are the business of filtering, which the model leaves out. */
function copyOf(ending: Ending): string {
  const { kind, message } = ending;
  if (kind === 'sent') return `${person(message.to)} ${String(ending.connector?.['Name'] ?? '-')} sent`;
  if ('reply' in ending) return `${kind} ${ending.reply.text.split(' ')[0]}`;
  return isFiltered(ending) ? `${person(message.to)} - delivered` : kind;
}

/** Rules name themselves where they quarantine or delete. */
function isFiltered(ending: Ending): boolean {
  return 'why' in ending && !ending.why.startsWith('rule ');
}

/** Only the directory knows the primary address behind one in the initial domain. */
function person(address: string): string {
  return address.replace('contoso.onmicrosoft.com', 'contoso.com');
}

/** Every stop at which the organisation decided, beside the message and the way it arrived there. */
function decisions({ stops }: Journey): { mail: MailMessage; arrival: Arrival; told: Told; scl: number }[] {
  return stops.flatMap((stop) => {
    if (stop.at === 'tenant') {
      const { pass } = stop;
      const isOver = pass.endings.some(isBeyondModel);
      const scl = firstScl(pass.message, pass.authentication);
      return isOver ? [] : [{ mail: pass.message, arrival: pass.arrival, told: toldByEngine(pass), scl }];
    }
    if (stop.at !== 'edge') return [];
    const { message, arrival, reply } = stop;
    const kind = reply.code < 500 ? 'deferred' : 'refused';
    const copies = [`${kind} ${reply.text.split(' ')[0]}`];
    return [{ mail: message, arrival, told: { connectorIn: null, rules: [], copies }, scl: 1 }];
  });
}

/** The hop limit, and whom filtering keeps users from writing to. */
function isBeyondModel(ending: Ending): boolean {
  return 'reply' in ending && /^5\.(?:4\.14|7\.703) /u.test(ending.reply.text);
}

/** The edge does not tell by which connector it refuses. */
function comparable(told: Told, isRefusal: boolean): Told {
  return isRefusal ? { ...told, connectorIn: null } : told;
}

const points = Object.keys(usualReadings) as (keyof Readings)[];
const net = { serves: { 'out.gateway.example': ['contoso.com'], 'mail.own.example': ['sales.contoso.com'] } };

function journeyUnder(setup: Setup, mail: MailMessage, arrival: Arrival, readings: Readings): Journey {
  const world = cloud([setup], net, readings);
  return arrival.by === 'submission' ? submit(world, setup, mail) : travel(world, mail, arrival);
}

const randomArrival: fc.Arbitrary<Arrival> = fc.oneof(
  { weight: 4, arbitrary: randomKnock },
  fc.constant({ by: 'submission' as const }),
);

/** Copies that filtering sends to others come from no rule, so the model knows nothing of them. */
function withoutFilterCopies(setup: Setup): Setup {
  const deletes = (value: ExchangeValue): ExchangeValue =>
    value === 'Redirect' || value === 'BccMessage' ? 'Delete' : value;
  const antiPhishPolicies = setup.antiPhishPolicies.map((policy) =>
    Object.fromEntries(Object.entries(policy).map(([name, value]) => [name, deletes(value)])),
  );
  return { ...setup, antiPhishPolicies };
}

const randomTenant = randomSetup.map(withoutFilterCopies);

describe('mail/routing and rehearsal/mail-flow', () => {
  it('agree on every pass through a random organisation, under every reading', () => {
    let judged = 0;
    fc.assert(
      fc.property(
        randomTenant,
        randomMessage,
        randomArrival,
        fc.constantFrom<keyof Readings | null>(null, ...points),
        (setup, mail, arrival, point) => {
          const readings = point === null ? usualReadings : { ...usualReadings, [point]: true };
          const view = tenantView(setup);
          for (const decision of decisions(journeyUnder(setup, mail, arrival, readings))) {
            const route = routeUnder(view, asked(setup, decision.mail, decision.arrival, decision.scl), readings);
            if (route.doubts.length > 0) continue;
            judged += 1;
            const isRefusal = decision.told.rules.length === 0 && 'code' in route.verdict;
            expect(comparable(toldByModel(route), isRefusal)).toEqual(comparable(decision.told, isRefusal));
          }
        },
      ),
      { numRuns: 2000 },
    );
    expect(judged).toBeGreaterThan(1300);
  }, 120_000);

  it('agree on what the model is certain of, however the open points are settled', () => {
    fc.assert(
      fc.property(
        randomTenant,
        randomMessage,
        randomArrival,
        fc.constantFrom(...points),
        (setup, mail, arrival, point) => {
          const [decision] = decisions(journeyUnder(setup, mail, arrival, { ...usualReadings, [point]: true }));
          if (!decision) return;
          const route = routeMessage(tenantView(setup), asked(setup, decision.mail, decision.arrival, decision.scl));
          if (route.doubts.length > 0) return;
          const isRefusal = decision.told.rules.length === 0 && 'code' in route.verdict;
          expect(comparable(toldByModel(route), isRefusal)).toEqual(comparable(decision.told, isRefusal));
        },
      ),
      { numRuns: 1000 },
    );
  }, 120_000);
});
