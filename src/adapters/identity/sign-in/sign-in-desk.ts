import { RefusedError } from '../../../core/errors.ts';
import { freshSignInMinutes } from '../../../core/policy/quorum.ts';
import type { AuditEntry } from '../../../core/store.ts';
import type {
  KeptSignIn,
  SignedIn,
  SignInPurpose,
  SignInRequest,
  SignInStore,
  SignIns,
} from '../../../ports/sign-in.ts';
import type { WebAnswer, WebRequest, WebRoute } from '../../../ports/web-page.ts';
import { signInSettled } from '../../../telemetry/events.ts';
import type { Logger } from '../../../telemetry/log.ts';
import { browserCookie, browserOf } from './browser-cookie.ts';
import type { Attempt, createEntraSignIn } from './entra-sign-in.ts';
import { failureOf, SignInFailure } from './sign-in-failure.ts';
import { signInPage } from './sign-in-page.ts';
import { attemptSecret, hashOf, isSame, isSecret, newSecret } from './sign-in-secrets.ts';

/** Somebody who is who they were asked to be, in the browser in which they proved it. */
export interface Proven {
  readonly request: SignInRequest;
  readonly signedIn: SignedIn;
  /** For a form of the page, so that no other page can send it. */
  readonly form: { readonly action: string; readonly token: string };
  /** Uses the sign-in up; true for the first who does. */
  readonly use: () => Promise<boolean>;
}

/** What happens with those who sign in for one kind of purpose. */
export interface SignInAnswers {
  /** Shown after the sign-in, also again. Decides nothing: browsers and scanners fetch pages as they like. */
  readonly arrived: (proven: Proven) => Promise<WebAnswer>;
  /** The form of that page was sent. */
  readonly submitted: (proven: Proven) => Promise<WebAnswer>;
  /** What the trail keeps of a sign-in that counts, or of one that does not, with whoever it was; null: nothing. */
  readonly entryOf: (
    request: SignInRequest,
    who: SignedIn | null,
    failure: SignInFailure | null,
  ) => Promise<AuditEntry | null>;
}

export interface SignInDeskOptions {
  readonly entra: ReturnType<typeof createEntraSignIn>;
  readonly store: SignInStore;
  /** Where people reach this bot, without a trailing slash; null when nobody said. */
  readonly publicUrl: () => string | null;
  readonly isRehearsal: boolean;
  /** Null asks for a fresh sign-in only. */
  readonly authenticationContext: string | null;
  readonly answers: { readonly [Kind in SignInPurpose['kind']]?: SignInAnswers };
  readonly log: Logger;
  /** Real milliseconds; default: the clock of this machine, as Entra's times are real ones. */
  readonly realNow?: () => number;
}

/** Links for signing in, and the pages behind them. */
export interface SignInDesk extends SignIns {
  readonly routes: readonly WebRoute[];
}

/** The path that is registered with Microsoft as the place to come back to. */
export const signInCallbackPath = '/sign-in/callback';

const PATH = '/sign-in';
const VALID_FOR_SECONDS = 600;
const SKEW_SECONDS = 60;

/** A sign-in that may still be completed, or the reason why not. */
interface Found {
  readonly id: string;
  readonly kept: KeptSignIn;
}

export function createSignInDesk(options: SignInDeskOptions): SignInDesk {
  return {
    begin: async (request) => {
      const base = baseOf(options);
      const id = newSecret();
      await options.store.add(hashOf(id), request, VALID_FOR_SECONDS);
      return { url: new URL(`${base}${PATH}/${id}`), validForSeconds: VALID_FOR_SECONDS };
    },
    routes: [
      { method: 'GET', path: signInCallbackPath, handle: (request) => comeBack(options, request) },
      { method: 'GET', path: `${PATH}/:id`, handle: (request) => leave(options, request) },
      { method: 'GET', path: `${PATH}/:id/decision`, handle: (request) => answer(options, request, 'arrived') },
      { method: 'POST', path: `${PATH}/:id/decision`, handle: (request) => answer(options, request, 'submitted') },
    ],
  };
}

/** Opening the link: marks the browser and sends it to Microsoft. Changes nothing, however often it is fetched. */
async function leave(options: SignInDeskOptions, { params }: WebRequest): Promise<WebAnswer> {
  const found = await find(options, params['id'] ?? '');
  if (!found || found.kept.isExpired || found.kept.state !== 'open') return notOpen(options);
  const browser = newSecret();
  const attempt = await attemptOf(options, found, browser);
  const settings = { path: PATH, isSecure: baseOf(options).startsWith('https:') };
  const cookies = [browserCookie(found.id, browser, settings)];
  return { status: 302, location: options.entra.address(attempt).href, cookies };
}

/** Somebody comes back from Microsoft, in the browser that left for it. */
async function comeBack(options: SignInDeskOptions, web: WebRequest): Promise<WebAnswer> {
  const attempt = await attemptIn(options, web);
  if (!attempt) return notOpen(options);
  const { found, browser } = attempt;
  if (found.kept.state !== 'open' || found.kept.isExpired) return refuse(options, found, replayed(), null);
  const { signedIn, failure } = await proofOf(options, found.kept.request, attempt, web.query);
  const idHash = hashOf(found.id);
  if (failure) {
    // Whoever really came back as somebody else, or with an old proof, does not get a second try with this link.
    return refuse(options, found, failure, signedIn, signedIn !== null);
  }
  const { request } = found.kept;
  const entry = await entryOf(options, request, signedIn, null);
  if (!(await options.store.settle(idHash, { signedIn, browserHash: hashOf(browser) }, entry))) return notOpen(options);
  tell(options, request, 'signed-in');
  return { status: 303, location: `${PATH}/${found.id}/decision` };
}

/** The attempt that the state belongs to, if this browser made it. */
async function attemptIn(
  options: SignInDeskOptions,
  { query, cookies }: WebRequest,
): Promise<(Attempt & { readonly found: Found; readonly browser: string }) | null> {
  const state = query.get('state') ?? '';
  const found = await find(options, state.split('.')[0] ?? '');
  const browser = found ? browserOf(found.id, cookies) : null;
  if (!found || browser === null) return null;
  const attempt = await attemptOf(options, found, browser);
  return isSame(attempt.state, state) ? { ...attempt, found, browser } : null;
}

type Proof =
  | { readonly signedIn: SignedIn; readonly failure: null }
  | { readonly signedIn: SignedIn | null; readonly failure: SignInFailure };

async function proofOf(
  options: SignInDeskOptions,
  request: SignInRequest,
  attempt: Attempt,
  query: URLSearchParams,
): Promise<Proof> {
  let signedIn: SignedIn | null = null;
  try {
    if (query.has('error')) throw failureOf(query.get('error') ?? '', query.get('error_description') ?? '');
    signedIn = await options.entra.redeem(query.get('code') ?? '', attempt);
    insist(options, request, attempt, signedIn);
    return { signedIn, failure: null };
  } catch (error) {
    if (error instanceof SignInFailure) return { signedIn, failure: error };
    throw error;
  }
}

/** The proof is of the right person, is fresh, and is as strong as it was asked for. */
function insist(options: SignInDeskOptions, request: SignInRequest, { context }: Attempt, signedIn: SignedIn): void {
  if (request.objectId !== null && request.objectId !== signedIn.objectId) {
    const message = `This link is for ${request.name}, and you signed in as ${signedIn.name || 'somebody else'}.`;
    throw new SignInFailure(
      'wrong-person',
      message,
      'Nothing was decided. Whoever wants to decide clicks the button on the card.',
    );
  }
  if (!isFresh(options, signedIn)) throw tooOld();
  if (context !== null && !signedIn.contexts.includes(context)) {
    throw new SignInFailure(
      'no-context',
      `Your sign-in does not meet the authentication context ${context}.`,
      'An administrator looks at the Conditional Access policy for it. Nothing was decided.',
    );
  }
}

async function answer(options: SignInDeskOptions, web: WebRequest, event: 'arrived' | 'submitted'): Promise<WebAnswer> {
  const found = await find(options, web.params['id'] ?? '');
  const browser = found ? browserOf(found.id, web.cookies) : null;
  const { signedIn, browserHash, request, state, isExpired } = found?.kept ?? {};
  const isTheirs = browser !== null && typeof browserHash === 'string' && isSame(hashOf(browser), browserHash);
  if (!found || !request || !signedIn || !isTheirs || state !== 'signed-in' || isExpired) return notOpen(options);
  if (!isFresh(options, signedIn)) return refuse(options, found, tooOld(), signedIn);
  const token = attemptSecret('form', { id: found.id, browser, request }, await options.store.signingKey());
  if (event === 'submitted' && !isFromOurPage(options, web, token)) return notOpen(options);
  const form = { action: `${PATH}/${found.id}/decision`, token };
  const use = (): Promise<boolean> => options.store.use(hashOf(found.id));
  const answers = options.answers[request.purpose.kind];
  return answers ? answers[event]({ request, signedIn, form, use }) : notOpen(options);
}

function isFromOurPage(options: SignInDeskOptions, { form, origin }: WebRequest, token: string): boolean {
  const isOurOrigin = origin === null || origin === new URL(baseOf(options)).origin;
  return isOurOrigin && isSame(form.get('token') ?? '', token);
}

async function find({ store }: SignInDeskOptions, id: string): Promise<Found | null> {
  const kept = isSecret(id) ? await store.find(hashOf(id)) : null;
  return kept && { id, kept };
}

async function attemptOf(options: SignInDeskOptions, { id, kept }: Found, browser: string): Promise<Attempt> {
  const key = await options.store.signingKey();
  const { request } = kept;
  const make = (use: Parameters<typeof attemptSecret>[0]): string => attemptSecret(use, { id, browser, request }, key);
  return {
    tenantId: request.tenantId,
    redirect: `${baseOf(options)}${signInCallbackPath}`,
    state: `${id}.${make('state')}`,
    nonce: make('nonce'),
    verifier: make('verifier'),
    // A context is the home tenant's own; a customer's may mean something else by the same name.
    context: request.purpose.kind === 'decision' ? options.authenticationContext : null,
  };
}

function isFresh({ realNow = Date.now }: SignInDeskOptions, { at }: SignedIn): boolean {
  const age = (realNow() - Date.parse(at)) / 1000;
  return age >= -SKEW_SECONDS && age <= freshSignInMinutes * 60;
}

const askAgain = 'Click the button on the card in Teams for a new link.';

function replayed(): SignInFailure {
  return new SignInFailure('replayed', 'This sign-in was used already, or it has expired.', askAgain);
}

function tooOld(): SignInFailure {
  return new SignInFailure(
    'too-old',
    `Your sign-in is older than ${freshSignInMinutes} minutes, so it does not count.`,
    askAgain,
  );
}

async function entryOf(
  { answers }: SignInDeskOptions,
  request: SignInRequest,
  who: SignedIn | null,
  failure: SignInFailure | null,
): Promise<AuditEntry | null> {
  return (await answers[request.purpose.kind]?.entryOf(request, who, failure)) ?? null;
}

/** `ends`: the link is used up by it. */
async function refuse(
  options: SignInDeskOptions,
  { id, kept: { request } }: Found,
  failure: SignInFailure,
  who: SignedIn | null,
  ends = false,
): Promise<WebAnswer> {
  const entry = await entryOf(options, request, who, failure);
  const isSettled = ends && (await options.store.settle(hashOf(id), 'failed', entry));
  if (!isSettled && entry !== null) await options.store.note(entry);
  tell(options, request, failure.code);
  const sentences = [failure.message, 'Nothing was decided.', failure.next];
  const said = sentences.filter((one, index) => index !== 1 || !failure.next.includes(one));
  return signInPage({ status: 403, title: 'Not accepted', tone: 'bad', sentences: said }, options.isRehearsal);
}

function notOpen({ isRehearsal }: SignInDeskOptions): WebAnswer {
  const sentences = [
    'It was used already, it has expired, it was opened in another browser, or it was not made by Switchyard.',
    'Nothing was decided.',
    askAgain,
  ];
  return signInPage({ status: 400, title: 'This link cannot be used', tone: 'bad', sentences }, isRehearsal);
}

function tell({ log }: SignInDeskOptions, { purpose }: SignInRequest, outcome: string): void {
  const subject = purpose.kind === 'decision' ? purpose.requestId : 'consent link';
  signInSettled(log, { purpose: purpose.kind, subject, outcome });
}

function baseOf({ publicUrl }: SignInDeskOptions): string {
  const base = publicUrl();
  if (base !== null) return base;
  throw new RefusedError('Nobody said under which address people reach this bot, so nobody can sign in.', {
    operation: 'make a link for signing in',
    next: 'An operator sets PUBLIC_URL and registers its /sign-in/callback with the sign-in registration.',
  });
}
