import { type Clock, plusSeconds } from '../../core/clock.ts';
import { consentName } from '../../core/consent-name.ts';
import { describeError, RefusedError, UnavailableError } from '../../core/errors.ts';
import type {
  AdminConsent,
  ConsentLink,
  ConsentOutcome,
  ConsentRequest,
  ConsentStore,
} from '../../ports/admin-consent.ts';
import { consentSettled } from '../../telemetry/events.ts';
import type { Logger } from '../../telemetry/log.ts';
import { consentCookie, hasConsentCookie } from './consent-cookie.ts';
import { type ConsentPage, consentPage } from './consent-page.ts';
import { consentRefusal } from './consent-refusal.ts';
import { consentState, idInState, isSignedFor, newConsentId } from './consent-state.ts';
import { NoCertificateError, NoConsentError } from './entra-failure.ts';

export interface ConsentOptions {
  /** Where administrators consent: Entra's address in front of the tenant id, without a trailing slash. */
  readonly authority: string;
  readonly appId: string;
  /** Whether every page must say that nothing of this is real. */
  readonly isRehearsal: boolean;
  /** Where administrators reach this bot, without a trailing slash; null when nobody said. */
  readonly publicUrl: () => string | null;
  readonly store: ConsentStore;
  /** Where an administrator first shows by a sign-in to that tenant who they are; default: nobody has to. */
  readonly signIn?: (tenantId: string, reference: string) => Promise<URL>;
  /** Resolves when the tenant lets us in; the token that proves it must be new and of exactly that tenant. */
  readonly prove: (tenantId: string, signal: AbortSignal) => Promise<unknown>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Asking for consent, and the page that administrators come back to. */
export interface ConsentDesk extends AdminConsent {
  /** Sends a browser that opened a link on to Microsoft, marked as the one that did. Opening it uses nothing up. */
  start(query: URLSearchParams): Promise<ConsentPage>;
  /** What to show to the browser that came back with this query and these cookies. */
  callback(query: URLSearchParams, cookies: string): Promise<ConsentPage>;
  /** Sends the browser of somebody who has signed in to the tenant on to Microsoft, marked as theirs. */
  goOn(reference: string): Promise<ConsentPage>;
}

/** Below which both pages are. */
const FOLDER = '/consent';
/** The path that is registered with Microsoft as the place to come back to. */
const CALLBACK = `${FOLDER}/callback`;
const START = `${FOLDER}/start`;

const VALID_FOR_SECONDS = 600;
/** Microsoft needs some seconds until a consent can be seen; after these the page says so instead. */
const PROOF_PAUSES = [0, 2, 4, 8];
const PROOF_WITHIN_MS = 20_000;
/** After these, what came of a consent is not known yet. */
const transient = [UnavailableError, NoConsentError, NoCertificateError];
/** Whoever has not settled a link within this has died with it: the proof, and a database that is away for seconds. */
const IN_HAND_SECONDS = 45;

export function createConsentDesk(options: ConsentOptions): ConsentDesk {
  const { store, isRehearsal } = options;
  return {
    begin: async ({ tenantId, requesterId, conversation }, asked) => {
      const base = baseOf(options.publicUrl());
      const request = { tenantId: tenantId.toLowerCase(), requesterId: requesterId.toLowerCase(), conversation };
      const id = newConsentId();
      await store.add(id, request, VALID_FOR_SECONDS, asked);
      return linkTo(options, base, { id, request, seconds: VALID_FOR_SECONDS });
    },
    standingOf: async (id) => {
      const [request, outcome, seconds, card] = await Promise.all([
        store.find(id),
        store.outcomeOf(id),
        store.secondsLeft(id),
        store.cardOf(id),
      ]);
      if (!request || !outcome) return null;
      const base = options.publicUrl();
      const link = seconds >= 1 && base !== null ? await linkTo(options, base, { id, request, seconds }) : null;
      return { request, outcome, link, card };
    },
    shownOn: (id, card) => store.shownOn(id, card),
    start: (query) => start(options, query.get('state') ?? ''),
    goOn: async (id) => {
      const request = await store.find(id);
      return request ? leave(options, { id, request }) : notOpen(isRehearsal);
    },
    callback: async (query, cookies) => {
      const found = await findLink(options, query.get('state') ?? '');
      const key = await store.signingKey();
      if (found && !hasConsentCookie(found.id, key, cookies)) return otherBrowser(isRehearsal);
      const taking = found ? await store.take(found.id, IN_HAND_SECONDS) : 'over';
      if (!found || taking === 'over') return notOpen(isRehearsal);
      if (taking === 'in-hand') return inHand(isRehearsal);
      const outcome = await outcomeOf(options, found.request, query);
      await store.settle(found.id, outcome);
      consentSettled(options.log, { tenant: found.request.tenantId, outcome: outcome.kind });
      return pageFor(outcome, isRehearsal);
    },
  };
}

async function linkTo(
  { store, appId }: ConsentOptions,
  base: string,
  { id, request, seconds }: { readonly id: string; readonly request: ConsentRequest; readonly seconds: number },
): Promise<ConsentLink> {
  const url = new URL(`${base}${START}`);
  url.searchParams.set('state', consentState(id, request, appId, await store.signingKey()));
  return { id, publicName: consentName(id), url, validForSeconds: Math.floor(seconds) };
}

/** Programs that look at links before people do come here too, so a link is only taken by the answer to it. */
async function start(options: ConsentOptions, state: string): Promise<ConsentPage> {
  const found = await findLink(options, state);
  if (!found || (await options.store.secondsLeft(found.id)) < 1) return notOpen(options.isRehearsal);
  if (!options.signIn) return leave(options, found);
  const location = await options.signIn(found.request.tenantId, found.id);
  return { status: 302, html: '', headers: { location: location.href } };
}

async function leave(options: ConsentOptions, found: Link): Promise<ConsentPage> {
  const { authority, appId, store, isRehearsal } = options;
  const seconds = await store.secondsLeft(found.id);
  if (seconds < 1) return notOpen(isRehearsal);
  const key = await store.signingKey();
  const state = consentState(found.id, found.request, appId, key);
  const base = baseOf(options.publicUrl());
  const url = new URL(`${authority}/${found.request.tenantId}/adminconsent`);
  url.searchParams.set('client_id', appId);
  url.searchParams.set('redirect_uri', `${base}${CALLBACK}`);
  url.searchParams.set('state', state);
  const cookie = consentCookie(found.id, key, {
    path: FOLDER,
    isSecure: base.startsWith('https:'),
    seconds: Math.ceil(seconds),
  });
  return { status: 302, html: '', headers: { location: url.href, 'set-cookie': cookie } };
}

interface Link {
  readonly id: string;
  readonly request: ConsentRequest;
}

/** The link that a state was signed for; it may be used up or expired. */
async function findLink({ store, appId }: ConsentOptions, state: string): Promise<Link | null> {
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
  if (query.has('error')) {
    const { what, next } = consentRefusal(query);
    return { kind: 'refused', reason: what, next };
  }
  // What the address says about the tenant can be typed by anybody: another tenant is refused, the same proves nothing.
  const named = query.get('tenant')?.toLowerCase();
  if (named !== undefined && named !== tenantId) {
    const reason = 'Consent was given in another organisation than the link was made for.';
    return { kind: 'refused', reason, next: 'An administrator of the right organisation opens a new link.' };
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
      const mayPass = transient.some((kind) => error instanceof kind);
      const { message, next } = describeError(error);
      if (!mayPass) return { kind: 'refused', reason: message, next };
    }
  }
  return { kind: 'unproven' };
}

function pageFor(outcome: ConsentOutcome, isRehearsal: boolean): ConsentPage {
  switch (outcome.kind) {
    case 'granted':
      return consentPage({ status: 200, isRehearsal }, 'Consent is given', [
        'Switchyard can now sign in to your organisation.',
        'Continue in Teams: the app still needs a role in Exchange, and Switchyard says which.',
      ]);
    case 'refused': {
      const { reason, next = 'Ask for a new link in Teams.' } = outcome;
      return consentPage({ status: 400, isRehearsal }, 'Switchyard is not let in', [reason, next]);
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

function inHand(isRehearsal: boolean): ConsentPage {
  return consentPage({ status: 409, isRehearsal }, 'Your answer is being looked at', [
    'You came back with this link already, and Switchyard is still asking Microsoft whether it is let in.',
    'Reload this page in a minute. Should it say then that the link cannot be used, Teams shows what came of it.',
  ]);
}

function otherBrowser(isRehearsal: boolean): ConsentPage {
  return consentPage({ status: 400, isRehearsal }, 'This is another browser', [
    'The link was opened in another browser than the one that came back, or this browser keeps no cookies.',
    'Nothing was believed, and the link still works: open it here and go all the way in this browser.',
  ]);
}

function baseOf(publicUrl: string | null): string {
  if (publicUrl !== null) return publicUrl;
  throw new RefusedError('Nobody said under which address administrators reach this bot.', {
    operation: 'make a consent link',
    next: 'An operator sets PUBLIC_URL and registers its /consent/callback with the worker registration.',
  });
}
