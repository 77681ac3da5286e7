import { consentName } from '../../../src/core/consent-name.ts';
import type { AuditEntry } from '../../../src/core/store.ts';
import { linkOn } from '../../support/cookie-browser.ts';
import type { SaidAnswer } from '../../support/running-bot.ts';
import { WebBrowser } from '../../support/web-browser.ts';
import type { ChaosWorld } from '../chaos-world.ts';
import { checkChain, checkOutput, type Findings, wasInHand } from '../invariants.ts';
import { until } from '../until.ts';

interface Link {
  readonly id: string;
  readonly outcome: { readonly kind: string };
  readonly card: { readonly messageId: string } | null;
}

/** Rita asks for access, an administrator of the tenant gives consent in a browser. Gives the name of the used link. */
export async function connect(world: ChaosWorld, tenant: string): Promise<string> {
  const { id } = await world.control<{ id: string }>('directory', { tenant, consent: 'missing' }, 'PUT');
  const before = new Set((await world.messages('mail-ops')).map((message) => message.id));
  const url = await until(`the link for ${tenant}`, async () => {
    const text = `connect ${tenant}`;
    await world.control<SaidAnswer>('messages', { as: 'rita', conversation: 'mail-ops', text });
    const shown = async (): Promise<string | undefined> => {
      const ours = (await world.messages('mail-ops')).filter((one) => !before.has(one.id) && one.from.bot);
      return ours.map(({ card }) => linkOn(card)).findLast((link) => link !== '');
    };
    return await until('a card with a link', shown, 5000);
  });
  await consent(world, id, url);
  const links = await linksOf(world, id);
  const names = links.map((link) => consentName(link.id));
  await until(`${tenant} to be told`, async () => {
    const sql = `select from switchyard.outbox where request_id = any($1) and done_at is null union all
      select from switchyard.letters where key like any($2) and done_at is null`;
    return (await world.rows(sql, [names, names.map((one) => `${one}:%`)])).length === 0;
  });
  return consentName(links.find(({ outcome }) => outcome.kind !== 'open')?.id ?? '');
}

/** A page that does not load is loaded again, as people do; one that asks for patience, too. */
async function consent(world: ChaosWorld, tenantId: string, link: string): Promise<void> {
  const browser = new WebBrowser();
  await until(`consent in ${tenantId}`, async () => {
    if ((await linksOf(world, tenantId)).some(({ outcome }) => outcome.kind !== 'open')) return true;
    const last = browser.visited.at(-1) ?? link;
    if (new URL(last).pathname.endsWith('/callback')) await browser.open(last);
    else await browser.submit(await browser.open(link), { decision: 'accept' });
    return false;
  });
}

/** Consent was recorded once, for the tenant it was asked for, and told once to those who asked. */
export async function checkConnected(world: ChaosWorld, tenant: string, name: string): Promise<Findings> {
  const { id, consent: given } = await world.control<{ id: string; consent: string }>(`tenants/${tenant}`);
  const links = await linksOf(world, id);
  const used = links.filter(({ outcome }) => outcome.kind !== 'open');
  const messages = (await world.messages('mail-ops')).filter(({ text }) => text.includes(`${tenant} is connected`));
  const cardId = used[0]?.card?.messageId;
  const card = cardId === undefined ? null : (await world.messages('mail-ops')).find((one) => one.id === cardId);
  const repeats = wasInHand(world, name, /^before sending notice connected to thread/u) ? 2 : 1;
  const violations = [
    ...(given === 'granted' ? [] : [`I4: consent of the tenant is ${given}`]),
    ...(used.length === 1 && used[0]?.outcome.kind === 'granted' ? [] : [`I2: links ended as ${JSON.stringify(used)}`]),
    ...(messages.length >= 1 && messages.length <= repeats ? [] : [`I10: it was told ${messages.length} times`]),
    ...(card === null || card?.text.includes('✓ Connected') ? [] : [`I3: the card of the link reads ${card?.text}`]),
    ...(await Promise.all(links.map((link) => checkTrail(world, link)))).flat(),
    ...(await checkCalls(world, tenant)),
    ...(await checkChain(world)),
    ...checkOutput(world),
    ...links.filter((link) => world.bot.output.includes(link.id)).map(() => 'I11: a link was printed'),
  ];
  return { violations: violations.map((one) => `${name} ${one}`), repeated: Math.max(0, messages.length - 1) };
}

/** I6: who asked, and what came of it, once each. */
async function checkTrail(world: ChaosWorld, { id, outcome }: Link): Promise<string[]> {
  const rows = await world.rows<{ entry: AuditEntry }>(
    `select entry from switchyard.audit where entry ->> 'requestId' = $1 order by seq`,
    [consentName(id)],
  );
  const actions = rows.map(({ entry }) => entry.action).join(', ');
  const wanted = outcome.kind === 'open' ? 'consent-asked' : 'consent-asked, consent-answered';
  return actions === wanted ? [] : [`I6: the audit trail says ${actions}`];
}

/** I5, I1: looking how far we get uses the tenant's own token and changes nothing. */
async function checkCalls(world: ChaosWorld, tenant: string): Promise<string[]> {
  const calls = await world.control<{ tenant: string; tenantOfToken?: string }[]>(
    `journal?where=exchange&tenant=${tenant}`,
  );
  const mixed = calls.filter((call) => call.tenantOfToken !== undefined && call.tenantOfToken !== call.tenant);
  return mixed.length === 0 ? [] : [`I5: ${mixed.length} calls with another tenant's token`];
}

function linksOf(world: ChaosWorld, tenantId: string): Promise<Link[]> {
  return world.rows<Link>(
    'select id, outcome, card from switchyard.consents where tenant_id = $1 order by expires_at',
    [tenantId],
  );
}
