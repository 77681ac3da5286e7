import { OpsError } from '../core/errors.ts';
import type { Notice } from '../core/notice.ts';
import type { Person } from '../core/person.ts';
import type { Effect } from '../core/store.ts';
import type { AccessLadder, LadderView } from '../ports/access-ladder.ts';
import type { AdminConsent, ConsentOutcome, ConsentStanding } from '../ports/admin-consent.ts';
import type { Notifier } from '../ports/notifier.ts';
import type { ManagedTenant, TenantDirectory } from '../ports/tenant-directory.ts';
import { type ConnectInput, connectCard, isReady } from '../views/connect.ts';
import { noticeCard } from '../views/notice.ts';

/** What telling about consent links needs. */
export interface ConsentNewsOptions {
  readonly consent: AdminConsent;
  readonly ladder: AccessLadder;
  readonly tenants: TenantDirectory;
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

  /** Safe to repeat, but for the notice, which says the same twice then. */
  async tell({ consentId, isNews }: ConsentEffect): Promise<void> {
    const { consent, ladder, tenants, notifier } = this.#options;
    const standing = await consent.standingOf(consentId);
    const tenant = (await tenants.managed()).find(({ id }) => id === standing?.request.tenantId);
    if (!standing || !tenant) return;
    const seen = await ladder.climb(tenant.id, AbortSignal.timeout(patience));
    // Its domains can be asked about from now on.
    if (isReady(seen)) tenants.learn(tenant, seen.domains);
    const message = standing.card;
    if (message) {
      const card = connectCard({ tenant, ladder: seen, consent: shownOf(consentId, standing) });
      await unlessGone(() => notifier.update(message, card));
    }
    if (isNews) await this.#post(standing, noticeOf(tenant, seen, standing.outcome));
  }

  /** Where it was asked, or the requester's own chat when that is gone. */
  async #post({ request }: ConsentStanding, notice: Notice): Promise<void> {
    const { notifier, homeTenantId } = this.#options;
    const { conversation } = request;
    const card = noticeCard(notice);
    if (conversation !== null && (await unlessGone(() => notifier.post(conversation, card)))) return;
    const requester: Person = { tenantId: homeTenantId, objectId: request.requesterId, name: '' };
    const chat = await notifier.personal(requester);
    if (chat !== null) await unlessGone(() => notifier.post(chat, card));
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

/** False when the conversation is closed to us for good. */
async function unlessGone(send: () => Promise<unknown>): Promise<boolean> {
  try {
    await send();
    return true;
  } catch (error) {
    if (!(error instanceof OpsError) || error.code !== 'refused') throw error;
    return false;
  }
}
