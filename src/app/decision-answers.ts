import type { Proven, SignInAnswers } from '../adapters/identity/sign-in/sign-in-desk.ts';
import type { SignInFailure } from '../adapters/identity/sign-in/sign-in-failure.ts';
import { type PageContent, signInPage } from '../adapters/identity/sign-in/sign-in-page.ts';
import { type Clock, plusSeconds } from '../core/clock.ts';
import { describeError } from '../core/errors.ts';
import type { Gate } from '../core/gate.ts';
import type { Actor } from '../core/person.ts';
import type { RoleSource } from '../core/policy/role-source.ts';
import type { ProvisioningRequest } from '../core/request.ts';
import type { AuditEntry, RequestStore } from '../core/store.ts';
import type { DecisionPurpose, SignedIn, SignInPurpose, SignInRequest } from '../ports/sign-in.ts';
import type { WebAnswer } from '../ports/web-page.ts';

export interface DecisionOptions {
  readonly store: RequestStore;
  readonly gate: Gate;
  readonly roles: RoleSource;
  readonly clock: Clock;
  readonly isRehearsal: boolean;
}

/** Deciding on a request after a fresh sign-in: shown first, decided by the button of that page, by the same gate. */
export function decisionAnswers(options: DecisionOptions): SignInAnswers {
  return {
    arrived: (proven) => withRequest(options, proven, (request) => ask(options, proven, request)),
    submitted: (proven) => withRequest(options, proven, (request) => decide(options, proven, request)),
    entryOf: (asked, who, failure) => entryOf(options, asked, who, failure),
  };
}

type Answer = Promise<WebAnswer> | WebAnswer;

/** The request as it is now, if the sign-in was made for the plan that it still has. */
async function withRequest(
  options: DecisionOptions,
  { request: { purpose } }: Proven,
  work: (request: ProvisioningRequest) => Answer,
): Promise<WebAnswer> {
  const wanted = decisionOf(purpose);
  const request = wanted && (await options.store.get(wanted.requestId));
  if (!request) return problem(options, 404, 'There is no such request any more.');
  const isSamePlan = request.nonce === wanted.nonce && request.plan?.digest.startsWith(wanted.digest);
  if (isSamePlan || request.state !== 'awaiting-approval') return work(request);
  return problem(
    options,
    409,
    'The plan has changed since you clicked. Read the current card in Teams and decide there.',
  );
}

function ask(
  options: DecisionOptions,
  { request: asked, signedIn, form }: Proven,
  request: ProvisioningRequest,
): Answer {
  const verdict = decisionOf(asked.purpose)?.verdict ?? 'approve';
  const verb = verdict === 'approve' ? 'Approve' : 'Deny';
  const { plan, id, title, tenant, requester } = request;
  if (request.state !== 'awaiting-approval' || !plan) {
    return problem(options, 409, `${id} does not wait for a decision any more. Its card in Teams shows how it stands.`);
  }
  return page(options, {
    status: 200,
    title: `${verb} this change?`,
    tone: 'ask',
    sentences: [`You are signed in as ${signedIn.name || asked.name}. Nothing is decided yet.`],
    dangers: plan.warnings.map(({ text }) => text),
    facts: [
      ['Request', id],
      ['Change', title],
      ['Tenant', tenant.name],
      ['Asked for by', requester.name],
      ['Fingerprint', plan.digest.slice(0, 16).replaceAll(/(.{4})(?=.)/gu, '$1 ')],
    ],
    form: { ...form, button: verb },
    last: 'The fingerprint begins like the one on the card in Teams: your decision holds for exactly that plan. To leave it undecided, close this window.',
  });
}

async function decide(options: DecisionOptions, proven: Proven, request: ProvisioningRequest): Promise<WebAnswer> {
  const { request: asked, signedIn, use } = proven;
  const wanted = decisionOf(asked.purpose);
  if (!wanted) return problem(options, 400, 'This sign-in is for something else.');
  let actor: Actor;
  try {
    const { tenantId, objectId, name } = asked;
    actor = await options.roles.actor({ tenantId, objectId: objectId ?? signedIn.objectId, name });
  } catch (error) {
    const { message, next } = describeError(error);
    return problem(options, 503, `${message} ${next}`);
  }
  if (!(await use())) return problem(options, 409, 'This sign-in was used already. Nothing more was decided.');
  const freshSignInAt = onProductClock(options.clock, signedIn).toISOString();
  const { verdict: type, digest, nonce } = wanted;
  const result = await options.gate.submit(request.id, {
    type,
    actor: { ...actor, freshSignInAt, via: null },
    digest,
    nonce,
  });
  if (result.kind === 'refused' && result.code !== 'already') return problem(options, 409, result.reason);
  const decided = result.kind === 'moved' ? result.request : request;
  const missing = decided.state === 'awaiting-approval' ? decided.approvalStanding : '';
  return page(options, {
    status: 200,
    title: type === 'approve' ? 'Approved' : 'Denied',
    tone: 'good',
    sentences: [
      `Your decision on ${request.id} is recorded.`,
      ...(missing === '' ? [] : [`Still missing: ${missing}`]),
      'Its card in Teams shows what happens next. You can close this window.',
    ],
  });
}

/** Entra's times are real ones; the gate's are the product's, which run faster in rehearsal. */
function onProductClock(clock: Clock, { at }: SignedIn): Date {
  const age = Math.max(0, (Date.now() - Date.parse(at)) / 1000);
  return plusSeconds(clock.now(), -age);
}

async function entryOf(
  options: DecisionOptions,
  asked: SignInRequest,
  who: SignedIn | null,
  failure: SignInFailure | null,
): Promise<AuditEntry | null> {
  const wanted = decisionOf(asked.purpose);
  const request = wanted && (await options.store.get(wanted.requestId));
  if (!request) return null;
  const { tenantId, objectId, name } = asked;
  return {
    action: 'sign-in',
    requestId: request.id,
    tenantId: request.tenant.id,
    actor: who && { tenantId: who.tenantId, objectId: who.objectId, name: who.name },
    outcome: failure ? 'refused' : 'accepted',
    ...(failure && { reason: failure.message }),
    detail: {
      verdict: wanted.verdict,
      digest: wanted.digest,
      asked: { tenantId, objectId, name },
      ...(failure && { refused: failure.code }),
      ...(who && { signedInAt: who.at, contexts: [...who.contexts] }),
    },
  };
}

function decisionOf(purpose: SignInPurpose): DecisionPurpose | null {
  return purpose.kind === 'decision' ? purpose : null;
}

function problem(options: DecisionOptions, status: number, what: string): WebAnswer {
  return page(options, { status, title: 'Not decided', tone: 'bad', sentences: [what] });
}

function page({ isRehearsal }: DecisionOptions, content: PageContent): WebAnswer {
  return signInPage(content, isRehearsal);
}
