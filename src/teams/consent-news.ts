import { consentName } from '../core/consent-name.ts';
import { OpsError } from '../core/errors.ts';
import type { Notice } from '../core/notice.ts';
import type { Person } from '../core/person.ts';
import type { Effect } from '../core/store.ts';
import { wholeConversation } from '../core/whole-conversation.ts';
import type { AccessLadder, LadderView } from '../ports/access-ladder.ts';
import type { AdminConsent, ConsentOutcome, ConsentStanding } from '../ports/admin-consent.ts';
import type { LetterStore, NewLetter } from '../ports/letters.ts';
import type { Notifier } from '../ports/notifier.ts';
import type { ManagedTenant, TenantDirectory } from '../ports/tenant-directory.ts';
import { type ConnectInput, connectCard, isReady } from '../views/connect.ts';
import { type SubscriberLettersOptions, subscriberLetters } from './subscriber-letters.ts';

/** What telling about consent links needs. */
export interface ConsentNewsOptions extends SubscriberLettersOptions {
  readonly consent: AdminConsent;
  readonly ladder: AccessLadder;
  readonly tenants: TenantDirectory;
  readonly letters: LetterStore;
  readonly notifier: Notifier;
  readonly homeTenantId: string;
}

type ConsentEffect = Extract<Effect, { kind: 'consent' }>;

/** Microsoft that does not answer within this (real milliseconds) is shown as not known. */
const patience = 20_000;

/** Draws the card of a consent link with how far the tenant lets us in by now, and tells where it was asked for. */
export class ConsentNews {
  readonly #options: ConsentNewsOptions;

  constructor(options: ConsentNewsOptions) {
    this.#options = options;
  }

  /** Safe to repeat. */
  async tell({ consentId, isNews }: ConsentEffect): Promise<void> {
    const { consent, ladder, tenants, notifier, letters } = this.#options;
    const standing = await consent.standingOf(consentId);
    const tenant = (await tenants.managed()).find(({ id }) => id === standing?.request.tenantId);
    if (!standing || !tenant) return;
    const seen = await ladder.climb(tenant.id, AbortSignal.timeout(patience));
    // Its domains can be asked about from now on.
    if (isReady(seen)) tenants.learn(tenant, seen.domains);
    if (isNews) await letters.add(await this.#news(consentId, standing, tenant, seen));
    const message = standing.card;
    if (!message) return;
    const card = connectCard({ tenant, ladder: seen, consent: shownOf(consentId, standing) });
    await unlessGone(() => notifier.update(message, card));
  }

  /** Once for each outcome of a link; that a tenant is connected is news for whoever subscribed to it as well. */
  async #news(
    id: string,
    { request, outcome }: ConsentStanding,
    tenant: ManagedTenant,
    seen: LadderView,
  ): Promise<readonly NewLetter[]> {
    const key = `${consentName(id)}:${outcome.kind}`;
    const notice = noticeOf(tenant, seen, outcome);
    const first = await this.#letterTo(request, key, notice);
    if (notice.kind !== 'connected') return first;
    const about = { key, notice, tenantId: tenant.id, domains: seen.domains };
    const told = first.map(({ conversation }) => wholeConversation(conversation));
    return [...first, ...(await subscriberLetters(this.#options, about, told))];
  }

  /** Where it was asked, or the requester's own chat when that is gone. */
  async #letterTo(
    { conversation, requesterId }: ConsentStanding['request'],
    key: string,
    notice: Notice,
  ): Promise<readonly NewLetter[]> {
    const { notifier, clock, homeTenantId } = this.#options;
    const requester: Person = { tenantId: homeTenantId, objectId: requesterId, name: '' };
    const chat = await notifier.personal(requester);
    const isThere = conversation !== null && (await notifier.scopeOf(conversation)) !== null;
    const letter = { key, notice, digest: null, dueAt: clock.now() };
    if (isThere) return [{ ...letter, conversation, audience: 'thread', otherwise: chat }];
    return chat === null ? [] : [{ ...letter, conversation: chat, audience: 'requester' }];
  }
}

function shownOf(id: string, { link, outcome }: ConsentStanding): ConnectInput['consent'] {
  const shown = link && { url: link.url.href, validForSeconds: link.validForSeconds };
  return { id, requester: '', link: shown, outcome: words(outcome) };
}

function words(outcome: ConsentOutcome): string {
  switch (outcome.kind) {
    case 'open':
      return '';
    case 'granted':
      return 'An administrator consented; a token of exactly this tenant proved it.';
    case 'unproven':
      return 'An administrator says yes, and Microsoft does not show it yet. That takes minutes: check again then.';
    case 'refused':
      return `${outcome.reason} ${outcome.next ?? ''}`.trim();
  }
}

function noticeOf({ name }: ManagedTenant, ladder: LadderView, outcome: ConsentOutcome): Notice {
  const told = words(outcome);
  if (isReady(ladder)) {
    const body = `${told} Exchange Online let Switchyard read its mail flow.`;
    const details = [`Accepted domains: ${ladder.domains.join(', ')}`, ladder.beside].filter((text) => text !== '');
    return { kind: 'connected', requestId: name, headline: `${name} is connected`, body, details, tone: 'good' };
  }
  const isRefused = outcome.kind === 'refused';
  return {
    kind: 'not-connected',
    requestId: name,
    headline: isRefused ? `${name} does not let Switchyard in` : `${name} gave consent, and something is still missing`,
    body: isRefused ? told : `${told} ${ladder.what} ${ladder.next}`,
    details: [],
    tone: 'attention',
  };
}

/** The conversation may be closed to us for good. */
async function unlessGone(send: () => Promise<void>): Promise<void> {
  try {
    await send();
  } catch (error) {
    if (!(error instanceof OpsError) || error.code !== 'refused') throw error;
  }
}
