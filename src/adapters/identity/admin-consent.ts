import { type Clock, plusSeconds } from '../../core/clock.ts';
import { describeError, RefusedError, TenantAccessError, UnavailableError } from '../../core/errors.ts';
import type { AdminConsent, ConsentOutcome, ConsentRequest, ConsentStore } from '../../ports/admin-consent.ts';
import { consentSettled } from '../../telemetry/events.ts';
import type { Logger } from '../../telemetry/log.ts';
import { type ConsentPage, consentPage } from './consent-page.ts';
import { consentRefusal } from './consent-refusal.ts';
import { consentState, idInState, isSignedFor, newConsentId } from './consent-state.ts';

export interface ConsentOptions {
  readonly authority: string;
  readonly appId: string;
  /** Whether every page must say that nothing of this is real. */
  readonly isRehearsal: boolean;
  /** Where administrators reach this bot, without a trailing slash; null when nobody said. */
  readonly publicUrl: () => string | null;
  readonly store: ConsentStore;
  /** Resolves when the tenant lets us in; the token that proves it must be new and of exactly that tenant. */
  readonly prove: (tenantId: string, signal: AbortSignal) => Promise<unknown>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Asking for consent, and the page that administrators come back to. */
export interface ConsentDesk extends AdminConsent {
  /** What to show to the browser that came back with this query. */
  callback(query: URLSearchParams): Promise<ConsentPage>;
}

/** The path that is registered with Microsoft as the place to come back to. */
export const consentPath = '/consent/callback';

const VALID_FOR_SECONDS = 600;
/** Microsoft needs some seconds until a consent can be seen; after these the page says so instead. */
const PROOF_PAUSES = [0, 2, 4, 8];
const PROOF_WITHIN_MS = 20_000;

export function createConsentDesk(options: ConsentOptions): ConsentDesk {
  const { authority, appId, store, isRehearsal } = options;
  return {
    begin: async ({ tenantId, requesterId }) => {
      const redirect = redirectTo(options.publicUrl());
      const request = { tenantId: tenantId.toLowerCase(), requesterId: requesterId.toLowerCase() };
      const id = newConsentId();
      await store.add(id, request, VALID_FOR_SECONDS);
      const url = new URL(`${authority}/${request.tenantId}/adminconsent`);
      url.searchParams.set('client_id', appId);
      url.searchParams.set('redirect_uri', redirect);
      url.searchParams.set('state', consentState(id, request, appId, await store.signingKey()));
      return { id, url, validForSeconds: VALID_FOR_SECONDS };
    },
    outcomeOf: (id) => store.outcomeOf(id),
    callback: async (query) => {
      const found = await findLink(options, query.get('state') ?? '');
      if (!found || !(await store.take(found.id))) return notOpen(isRehearsal);
      const outcome = await outcomeOf(options, found.request, query);
      await store.settle(found.id, outcome);
      consentSettled(options.log, { tenant: found.request.tenantId, outcome: outcome.kind });
      return pageFor(outcome, query, isRehearsal);
    },
  };
}

/** The link that a state was signed for; it may be used up or expired. */
async function findLink(
  { store, appId }: ConsentOptions,
  state: string,
): Promise<{ readonly id: string; readonly request: ConsentRequest } | null> {
  const id = idInState(state);
  const request = id === null ? null : await store.find(id);
  if (id === null || !request) return null;
  return isSignedFor(state, request, appId, await store.signingKey()) ? { id, request } : null;
}

/** An answer may say that consent was given and carry an error: the error counts. */
async function outcomeOf(
  options: ConsentOptions,
  { tenantId }: ConsentRequest,
  query: URLSearchParams,
): Promise<ConsentOutcome> {
  if (query.has('error')) return { kind: 'refused', reason: consentRefusal(query).what };
  // What the address says about the tenant can be typed by anybody: another tenant is refused, the same proves nothing.
  const named = query.get('tenant')?.toLowerCase();
  if (named !== undefined && named !== tenantId) {
    return { kind: 'refused', reason: 'Consent was given in another organisation than the link was made for.' };
  }
  return prove(options, tenantId);
}

async function prove({ prove: ask, clock }: ConsentOptions, tenantId: string): Promise<ConsentOutcome> {
  const signal = AbortSignal.timeout(PROOF_WITHIN_MS);
  for (const seconds of PROOF_PAUSES) {
    try {
      await clock.until(plusSeconds(clock.now(), seconds), signal);
      await ask(tenantId, signal);
      return { kind: 'granted' };
    } catch (error) {
      if (signal.aborted) break;
      const mayPass =
        error instanceof UnavailableError || (error instanceof TenantAccessError && error.reason === 'consent');
      if (!mayPass) return { kind: 'refused', reason: describeError(error).message };
    }
  }
  return { kind: 'unproven' };
}

function pageFor(outcome: ConsentOutcome, query: URLSearchParams, isRehearsal: boolean): ConsentPage {
  switch (outcome.kind) {
    case 'granted':
      return consentPage({ status: 200, isRehearsal }, 'Consent is given', [
        'Switchyard can now sign in to your organisation.',
        'Continue in Teams: the app still needs a role in Exchange, and Switchyard says which.',
      ]);
    case 'refused': {
      const next = query.has('error') ? consentRefusal(query).next : 'Ask for a new link in Teams.';
      return consentPage({ status: 400, isRehearsal }, 'Consent is not given', [outcome.reason, next]);
    }
    default:
      return consentPage({ status: 200, isRehearsal }, 'Consent is on its way', [
        'You have consented, and Microsoft does not show it to Switchyard yet.',
        'That takes some minutes. Continue in Teams then.',
      ]);
  }
}

function notOpen(isRehearsal: boolean): ConsentPage {
  return consentPage({ status: 400, isRehearsal }, 'This link cannot be used', [
    'It was used already, it has expired, or it was not made by Switchyard. Nothing was changed.',
    'Ask for a new link in Teams.',
  ]);
}

function redirectTo(publicUrl: string | null): string {
  if (publicUrl !== null) return `${publicUrl}${consentPath}`;
  throw new RefusedError('Nobody said under which address administrators reach this bot.', {
    operation: 'make a consent link',
    next: 'An operator sets PUBLIC_URL and registers its /consent/callback with the worker registration.',
  });
}
