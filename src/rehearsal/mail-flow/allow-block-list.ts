import { type ExchangeObject, textOf } from '../exchange/exchange-object.ts';
import { domainOf, type MailMessage } from './mail-message.ts';
import type { Setup } from './setup.ts';

/** What the organisation's own list says about a sender; an entry that blocks goes before one that allows. */
export function saidAboutSender(setup: Setup, author: string): 'Allow' | 'Block' | null {
  const actions = entriesOf(setup, 'Sender')
    .filter((entry) => isSender(textOf(entry, 'Value').toLowerCase(), author.toLowerCase()))
    .map((entry) => entry['Action']);
  if (actions.includes('Block')) return 'Block';
  return actions.includes('Allow') ? 'Allow' : null;
}

/** An allowed file does not excuse another one, nor does it cure malware: only entries that block are asked. */
export function hasBlockedFile(setup: Setup, { traits }: MailMessage): boolean {
  const blocked = blockedValues(setup, 'FileHash');
  return traits.files.some((file) => blocked.includes(file.toLowerCase()));
}

export function hasBlockedLink(setup: Setup, { traits }: MailMessage): boolean {
  const blocked = blockedValues(setup, 'Url');
  return traits.urls.some((url) => blocked.some((pattern) => isLink(pattern, bare(url))));
}

function blockedValues(setup: Setup, listType: string): string[] {
  const blocking = entriesOf(setup, listType).filter((entry) => entry['Action'] === 'Block');
  return blocking.map((entry) => bare(textOf(entry, 'Value')));
}

/** Entries for simulated attacks (AdvancedDelivery) are another list. */
function entriesOf({ allowBlockItems, now }: Setup, listType: string): ExchangeObject[] {
  return allowBlockItems.filter((entry) => {
    const isOver = Date.parse(textOf(entry, 'ExpirationDate')) <= now;
    return entry['ListType'] === listType && entry['ListSubType'] !== 'AdvancedDelivery' && !isOver;
  });
}

/** An address, a domain, or `*.` and the domain above. */
function isSender(value: string, author: string): boolean {
  const domain = domainOf(author);
  if (value.startsWith('*.')) return domain.endsWith(value.slice(1));
  return value.includes('@') ? value === author : value === domain;
}

/** `x.y` and `~x.y` stand for the host, those below it and every path; `*.x.y` for those below it only. */
function isLink(pattern: string, url: string): boolean {
  const [host = '', ...path] = pattern
    .replace(/^~/u, '')
    .replace(/\/\*?$/u, '')
    .split('/');
  const [name = '', ...rest] = url.split(/[/?#]/u);
  const isHost = host.startsWith('*.') ? name.endsWith(host.slice(1)) : `.${name}`.endsWith(`.${host}`);
  return isHost && path.every((part, index) => part === rest[index]);
}

function bare(url: string): string {
  return url.toLowerCase().replace(/^[a-z]+:\/\//u, '');
}
