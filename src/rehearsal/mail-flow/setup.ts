import { type ExchangeObject, isOn, listOf, textOf } from '../exchange/exchange-object.ts';
import { domainOf } from './mail-message.ts';

/** What mail flow knows of one organisation at one moment. */
export interface Setup {
  readonly id: string;
  readonly initialDomain: string;
  readonly acceptedDomains: readonly ExchangeObject[];
  readonly inboundConnectors: readonly ExchangeObject[];
  readonly outboundConnectors: readonly ExchangeObject[];
  readonly transportRules: readonly ExchangeObject[];
  readonly organizationConfig: readonly ExchangeObject[];
  /** The connection filter, anti-phishing and content filter policies and spoof entries, as far as there are any. */
  readonly connectionFilters: readonly ExchangeObject[];
  readonly antiPhishPolicies: readonly ExchangeObject[];
  readonly spoofItems: readonly ExchangeObject[];
  readonly contentFilters: readonly ExchangeObject[];
  /** Senders, links and files of the Tenant Allow/Block List. */
  readonly allowBlockItems: readonly ExchangeObject[];
  /** What may leave for which domains. */
  readonly remoteDomains: readonly ExchangeObject[];
  /** DKIM signing of its domains, and whose seals (ARC) it trusts. */
  readonly dkimConfigs: readonly ExchangeObject[];
  readonly arcConfigs: readonly ExchangeObject[];
  /** Addresses that exist, lower case. */
  readonly mailboxes: ReadonlySet<string>;
  /** Who is in which group, by address, lower case. */
  readonly groups: ReadonlyMap<string, ReadonlySet<string>>;
  /** Virtual milliseconds. */
  readonly now: number;
}

/** The accepted domain that an address belongs to, or null. */
export function acceptedDomainOf(setup: Setup, address: string): ExchangeObject | null {
  return address.includes('@') ? acceptedDomain(setup, domainOf(address)) : null;
}

export function acceptedDomain(setup: Setup, domain: string): ExchangeObject | null {
  return (
    setup.acceptedDomains.find((object) => {
      const name = textOf(object, 'DomainName').toLowerCase();
      return domain === name || (isOn(object, 'MatchSubDomains') && domain.endsWith(`.${name}`));
    }) ?? null
  );
}

/** Addresses of an external relay domain are not the organisation's own. */
export function isInside(setup: Setup, address: string): boolean {
  const domain = acceptedDomainOf(setup, address);
  return domain !== null && domain['DomainType'] !== 'ExternalRelay';
}

/** Only an authoritative domain knows all of its recipients. */
export function isUnknownRecipient(setup: Setup, address: string): boolean {
  const domain = acceptedDomainOf(setup, address);
  return domain !== null && !textOf(domain, 'DomainType').endsWith('Relay') && !hasMailbox(setup, address);
}

export function hasMailbox(setup: Setup, address: string): boolean {
  return setup.mailboxes.has(address.toLowerCase());
}

/** Whether somebody is in a group, or in a group that is in it. */
export function isMember(setup: Setup, group: string, address: string, seen: ReadonlySet<string> = new Set()): boolean {
  const name = group.toLowerCase();
  const members = setup.groups.get(name);
  if (!members || seen.has(name)) return false;
  const passed = new Set([...seen, name]);
  return members.has(address.toLowerCase()) || [...members].some((inner) => isMember(setup, inner, address, passed));
}

/** An address in the initial domain stands for the same person's primary address, where there is one. */
export function primaryAddress(setup: Setup, address: string): string {
  if (domainOf(address) !== setup.initialDomain) return address;
  const main = setup.acceptedDomains.find((object) => isOn(object, 'Default'));
  const primary = `${address.slice(0, address.lastIndexOf('@'))}@${main ? textOf(main, 'DomainName') : ''}`;
  return main && hasMailbox(setup, primary) ? primary : address;
}

/** The sender domains of a connector without Exchange's `smtp:` and cost. */
export function senderSpaces(connector: ExchangeObject): string[] {
  return listOf(connector, 'SenderDomains').map((entry) =>
    entry
      .toLowerCase()
      .replace(/^smtp:/u, '')
      .replace(/;\d*$/u, ''),
  );
}
