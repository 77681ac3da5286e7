import { expect } from 'vitest';
import type { RunningBot, SeenMessage } from './running-bot.ts';

/** The headline of a living card whose request is done and proven; a single proof inside it reads similarly. */
export const isProven = /✓ Proven\s+R-/u;

/** A request as a script sees it: its id and its living card. */
export interface AskedRequest {
  readonly id: string;
  readonly cardId: string;
}

interface HeldObject {
  readonly stored: Readonly<Record<string, unknown>> | null;
  readonly isEffective: boolean;
}

export interface TenantView {
  readonly inboundConnectors: readonly HeldObject[];
}

export interface JournalEntry {
  readonly seq: number;
  readonly cmdlet?: string;
  readonly outcome: string;
  readonly by?: string;
}

/** Says something in the channel and gives the bot's first answer, whenever it comes. */
export async function answerTo(
  bot: RunningBot,
  text: string,
  as = 'rita',
  conversation = 'mail-ops',
): Promise<SeenMessage> {
  const { activityId, replies } = await bot.say(as, conversation, text);
  const [first] = replies;
  if (first) return first;
  return bot.firstReply(conversation, activityId);
}

/** Asks for a change and waits for its plan. */
export async function askFor(
  bot: RunningBot,
  text: string,
  as = 'rita',
  conversation = 'mail-ops',
): Promise<AskedRequest> {
  const card = await answerTo(bot, text, as, conversation);
  const [id] = /R-[0-9A-Z]{8}/u.exec(card.text) ?? [];
  if (id === undefined) throw new Error(`"${text}" opened no request. The answer was:\n${card.text}`);
  await bot.reads(card.id, /Waits for an approver|Refused|Nothing to do/u);
  return { id, cardId: card.id };
}

/** A tenant of its own for one test: `<name>` with the domain `<name>.example`. */
export async function newTenant(bot: RunningBot, name: string): Promise<string> {
  const domain = `${name}.example`;
  await bot.control('tenants', { name, domains: [domain] });
  return domain;
}

/** The switched-off connector of a gateway, set up and approved. */
export async function setUp(bot: RunningBot, domain: string, gateway = 'exchangedefender'): Promise<AskedRequest> {
  const request = await askFor(bot, `set up gateway ${gateway} for ${domain}`);
  const { outcome, text } = await bot.click('ada', request.cardId, 'approve');
  expect([outcome, text]).toEqual(['card', '']);
  await bot.reads(request.cardId, isProven);
  return request;
}

/** Points a domain's MX somewhere, seen by every resolver at once. */
export async function moveMx(bot: RunningBot, domain: string, mx = 'inbound30.exchangedefender.com'): Promise<void> {
  await bot.control('dns', { domain, mx, fresh: true }, 'PUT');
}

/** What the tenant's only connector of ours holds now. */
export async function connectorOf(
  bot: RunningBot,
  tenant: string,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const { inboundConnectors } = await bot.control<TenantView>(`tenants/${tenant}`);
  const ours = inboundConnectors
    .map(({ stored }) => stored)
    .filter((stored) => String(stored?.['Name']).startsWith('Switchyard'));
  expect(ours.length).toBeLessThan(2);
  return ours[0] ?? undefined;
}

/** Names of the writes that reached the tenant and had an effect, in order, without those of colleagues. */
export async function writesOf(bot: RunningBot, tenant: string): Promise<string[]> {
  const entries = await bot.control<JournalEntry[]>(`journal?where=exchange&tenant=${tenant}`);
  return entries
    .filter(({ cmdlet = '', outcome, by }) => !cmdlet.startsWith('Get-') && outcome === 'ok' && by === undefined)
    .map(({ cmdlet = '' }) => cmdlet);
}

/** What the living card of a request that is proven reads like, wherever one is shown. */
export async function provenCards(bot: RunningBot, { id }: AskedRequest): Promise<readonly SeenMessage[]> {
  const places = ['mail-ops', 'alerts', 'personal:rita', 'personal:ada', 'personal:ben'];
  const messages = await Promise.all(places.map((place) => bot.messages(place)));
  return messages.flat().filter(({ text }) => new RegExp(`✓ Proven\\s+${id} ·`, 'u').test(text));
}

/** A colleague in the admin centre. */
export async function colleague(bot: RunningBot, tenant: string, cmdlet: string, parameters: object): Promise<void> {
  await bot.control('exchange', { tenant, cmdlet, parameters });
}
