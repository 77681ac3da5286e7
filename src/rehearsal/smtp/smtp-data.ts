import type { Certificate } from '../certificates.ts';
import { ChangeSignal } from '../change-signal.ts';
import { hostAddresses } from '../dns/dns-seed.ts';
import { type FlowSwitches, usualSwitches } from '../mail-flow/flow-switches.ts';
import type { Flow } from '../mail-flow/mail-flow.ts';
import type { DaneAnswer, MtaStsPolicy, Scanner } from '../mail-flow/network.ts';
import { refill } from '../refill.ts';
import type { SmtpBehaviour } from './smtp-behaviour.ts';
import { type SmtpMemory, smtpMemory } from './smtp-memory.ts';
import type { SmtpReply } from './smtp-reply.ts';

export type SmtpVia =
  | 'internet'
  | 'exchangedefender'
  | 'mailprotector'
  | 'gate'
  | 'oldgate'
  | 'inline'
  | 'inkwell'
  | 'own-server';

/** The loopback address from which each sender connects, so that the edge can tell them apart. */
export const sources: Readonly<Record<SmtpVia, string>> = {
  internet: '127.0.0.1',
  exchangedefender: hostAddresses.gateways,
  mailprotector: '127.0.0.22',
  gate: '127.0.0.32',
  oldgate: '127.0.0.42',
  inline: '127.0.0.52',
  inkwell: '127.0.0.62',
  'own-server': hostAddresses.ownServer,
};

const seedEgress: Readonly<Record<string, string>> = {
  [sources.internet]: '198.51.100.25',
  [sources.exchangedefender]: '65.99.255.10',
  [sources.mailprotector]: '52.0.70.91',
  [sources.gate]: '203.0.113.10',
  [sources.oldgate]: '192.0.2.10',
  [sources.inline]: '203.0.113.80',
  [sources.inkwell]: '203.0.113.90',
  [sources['own-server']]: '203.0.113.40',
};

const seedServed: Readonly<Record<string, readonly string[]>> = {
  [hostAddresses.gateways]: ['contoso.com', 'sales.contoso.com', 'fabrikam.com', 'adatum.com', 'wingtip.example'],
  [hostAddresses.ownServer]: ['northwind.example'],
};

/** What the mail hosts of the rehearsal hold besides the tenants' own objects. */
export class SmtpData {
  readonly changes = new ChangeSignal();
  /** Loopback address → the public address the world sees it as. */
  readonly egress = new Map<string, string>();
  /** Listening address → recipient domains this host has been told to accept. */
  readonly served = new Map<string, ReadonlySet<string>>();
  /** Listening address → behaviour. */
  readonly behaviours = new Map<string, SmtpBehaviour>();
  /** Recipient address or domain → the reply the tenant edge gives whatever the tenant holds. */
  readonly replies = new Map<string, SmtpReply>();
  /** Whether an unknown recipient is refused before the tenant's connectors are looked at. */
  recipientFirst = false;
  /** Whether a lock (550 5.7.51) lets the recipient through and refuses the message after its data. */
  lockAfterData = false;
  /** How mail flow reads what public evidence leaves open. */
  flow: FlowSwitches = { ...usualSwitches };
  /** By tenant guid: the inline scanners that hold something else than they do by themselves. */
  readonly scanners = new Map<string, Scanner>();
  /** Loopback address → the certificate that its server shows when it sends. Made anew at every start. */
  readonly certificates = new Map<string, Certificate>();
  /** Message-ID → what became of the newest messages. */
  readonly flows = new Map<string, Flow>();
  /** Host → what DANE says of it. Hosts without TLSA records are not in it. */
  readonly dane = new Map<string, DaneAnswer>();
  /** Domain → its MTA-STS policy. */
  readonly mtaSts = new Map<string, MtaStsPolicy>();
  /** Virtual seconds by which every second front end of the tenant edge is behind. */
  lagSeconds = 0;

  constructor() {
    this.reset();
  }

  reset(): void {
    this.egress.clear();
    for (const [loopback, address] of Object.entries(seedEgress)) this.egress.set(loopback, address);
    this.served.clear();
    for (const [address, domains] of Object.entries(seedServed)) this.served.set(address, new Set(domains));
    this.behaviours.clear();
    this.replies.clear();
    this.recipientFirst = false;
    this.lockAfterData = false;
    this.flow = { ...usualSwitches };
    this.scanners.clear();
    this.dane.clear();
    this.mtaSts.clear();
    this.lagSeconds = 0;
    this.changes.changed();
  }

  export(): string {
    return JSON.stringify({
      egress: Object.fromEntries(this.egress),
      served: Object.fromEntries([...this.served].map(([address, domains]) => [address, [...domains]])),
      behaviours: Object.fromEntries(this.behaviours),
      replies: Object.fromEntries(this.replies),
      recipientFirst: this.recipientFirst,
      lockAfterData: this.lockAfterData,
      flow: this.flow,
      scanners: Object.fromEntries(this.scanners),
      dane: Object.fromEntries(this.dane),
      mtaSts: Object.fromEntries(this.mtaSts),
      lagSeconds: this.lagSeconds,
    } satisfies SmtpMemory);
  }

  restore(memory: unknown): void {
    const { recipientFirst, lockAfterData, flow, lagSeconds, ...maps } = smtpMemory.parse(memory);
    const { egress, served, behaviours, replies, scanners, dane, mtaSts } = maps;
    refill(this.egress, egress);
    this.served.clear();
    for (const [address, domains] of Object.entries(served)) this.served.set(address, new Set(domains));
    refill(this.behaviours, behaviours);
    refill(this.replies, replies);
    this.recipientFirst = recipientFirst;
    this.lockAfterData = lockAfterData;
    this.flow = flow;
    refill(this.scanners, scanners);
    refill(this.dane, dane);
    refill(this.mtaSts, mtaSts);
    this.lagSeconds = lagSeconds;
  }

  /** A host learns of one more recipient domain. */
  serve(address: string, domain: string): void {
    this.served.set(address, new Set([...(this.served.get(address) ?? []), domain.toLowerCase()]));
    this.changes.changed();
  }

  behaviour(address: string): SmtpBehaviour {
    return this.behaviours.get(address) ?? 'normal';
  }

  /** The public address a client is seen as; an unmapped one is a stranger on the internet. */
  publicAddress(loopback: string): string {
    return this.egress.get(loopback.replace(/^::ffff:/, '')) ?? '198.51.100.25';
  }
}
