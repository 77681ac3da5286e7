import { isOn, textOf } from '../exchange/exchange-object.ts';
import { type Attribution, attribute } from './attribution.ts';
import type { FlowSwitches } from './flow-switches.ts';
import { handOver, type Next } from './hand-over.ts';
import { type Arrival, domainOf, type MailMessage } from './mail-message.ts';
import type { Network } from './network.ts';
import { refusals } from './refusals.ts';
import type { Setup } from './setup.ts';
import type { Outcome, Stop } from './stop.ts';
import { type Ending, passThrough, type TenantPass } from './tenant-pass.ts';

/** The whole mail world at one moment. */
export interface Cloud {
  readonly setups: readonly Setup[];
  readonly network: Network;
  readonly switches: FlowSwitches & { readonly recipientFirst: boolean };
}

export interface Journey {
  readonly stops: readonly Stop[];
  readonly outcomes: readonly Outcome[];
}

/** Rules that copy to many can make more copies than anybody wants to follow. */
const MAX_STOPS = 2000;

/** Follows a message that knocks at the edge until every copy of it has come to an end. */
export function travel(cloud: Cloud, message: MailMessage, arrival: Arrival & { by: 'smtp' }): Journey {
  return follow(cloud, [{ to: 'edge', message, arrival }]);
}

/** Follows a message that a user of an organisation sends. */
export function submit(cloud: Cloud, setup: Setup, message: MailMessage): Journey {
  return follow(cloud, [{ to: 'tenant', setup, message }]);
}

/** Follows a message that the edge has taken already. */
export function admit(cloud: Cloud, attribution: Attribution, message: MailMessage, arrival: Arrival): Journey {
  const { setup, connector } = attribution;
  if (!setup) return { stops: [], outcomes: [] };
  const pass = passThrough({ ...cloud, setup, arrival, message, connector });
  const rest = follow(cloud, nextOf(cloud, setup, pass));
  return { stops: [{ at: 'tenant', pass }, ...rest.stops], outcomes: [...outcomesOf(pass), ...rest.outcomes] };
}

function follow(cloud: Cloud, first: readonly Next[]): Journey {
  const stops: Stop[] = [];
  const outcomes: Outcome[] = [];
  const queue = [...first];
  while (stops.length < MAX_STOPS) {
    const next = queue.shift();
    if (next === undefined) break;
    if (next.to === 'end') {
      outcomes.push(next.outcome);
      if (next.stop) stops.push(next.stop);
      continue;
    }
    if (next.to === 'stop') {
      stops.push(next.stop);
      queue.unshift(next.after);
      continue;
    }
    const { stop, ends, onward } = next.to === 'edge' ? atEdge(cloud, next) : atTenant(cloud, next);
    stops.push(stop);
    outcomes.push(...ends);
    queue.push(...onward);
  }
  return { stops, outcomes: [...outcomes, ...queue.map(givenUp)] };
}

function givenUp(next: Next): Outcome {
  if (next.to === 'end') return next.outcome;
  if (next.to === 'stop') return givenUp(next.after);
  const { code, text } = refusals.hops;
  return { kind: 'looped', recipient: next.message.to, detail: `${code} ${text}` };
}

interface Stopped {
  readonly stop: Stop;
  readonly ends: readonly Outcome[];
  readonly onward: readonly Next[];
}

function atEdge(cloud: Cloud, { message, arrival }: Next & { to: 'edge' }): Stopped {
  const { from, to } = message;
  const attribution = attribute(cloud.setups, { ...arrival, from, to }, cloud.switches);
  const { setup, reply, connector } = attribution;
  if (setup && reply.code < 400)
    return through(cloud, setup, passThrough({ ...cloud, setup, arrival, message, connector }));
  const kind = reply.code < 500 ? 'deferred' : 'refused';
  const detail = `${reply.code} ${reply.text}`;
  const stop = { at: 'edge', tenant: setup?.id ?? null, arrival, message, reply } as const;
  return { stop, ends: [{ kind, recipient: to, detail }], onward: [] };
}

function atTenant(cloud: Cloud, { setup, message }: Next & { to: 'tenant' }): Stopped {
  const arrival = { by: 'submission' } as const;
  return through(cloud, setup, passThrough({ ...cloud, setup, arrival, message, connector: null }));
}

function through(cloud: Cloud, setup: Setup, pass: TenantPass): Stopped {
  return { stop: { at: 'tenant', pass }, ends: outcomesOf(pass), onward: nextOf(cloud, setup, pass) };
}

function nextOf(cloud: Cloud, setup: Setup, { endings }: TenantPass): Next[] {
  return endings.filter((ending) => ending.kind === 'sent').map((ending) => handOver(cloud.network, setup, ending));
}

function outcomesOf({ endings }: TenantPass): Outcome[] {
  return endings.flatMap((ending) => {
    if (ending.kind === 'sent') return [];
    return [{ kind: ending.kind, recipient: ending.message.to, detail: detailOf(ending) }];
  });
}

/** What an ending says of itself, in short. */
export function detailOf(ending: Ending): string {
  if ('reply' in ending) return `${ending.reply.code} ${ending.reply.text}`;
  if ('rule' in ending) return `rule ${ending.rule}`;
  if ('why' in ending) return ending.why;
  if ('remoteDomain' in ending) return `automatic forwarding to ${ending.remoteDomain} is off`;
  const { connector, message } = ending;
  if (!connector) return `MX of ${domainOf(message.to)}`;
  return `${textOf(connector, 'Name')}${isOn(connector, 'UseMXRecord') ? ' (MX)' : ''}`;
}
