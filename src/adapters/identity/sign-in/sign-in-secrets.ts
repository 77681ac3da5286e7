import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { SignInRequest } from '../../../ports/sign-in.ts';

/** 256 bits: nobody guesses a link or what a browser holds. */
const BYTES = 32;
const FORM = /^[\w-]{43}$/u;

/** A fresh value for a link, or for a browser to hold. */
export function newSecret(): string {
  return randomBytes(BYTES).toString('base64url');
}

/** Whether a text has the form of such a value. */
export function isSecret(text: string): boolean {
  return FORM.test(text);
}

/** What is stored in place of a value. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/** What a value is for. Each gets one of its own, so that none of them can be used as another. */
type Use = 'state' | 'nonce' | 'verifier' | 'form';

/**
 * Everything that one attempt to sign in needs, made from the link, from what it is for and from what the browser
 * holds: nothing has to be stored for an attempt that may never come back.
 */
export function attemptSecret(
  use: Use,
  attempt: { readonly id: string; readonly browser: string; readonly request: SignInRequest },
  key: Uint8Array,
): string {
  const { id, browser, request } = attempt;
  const { tenantId, objectId, purpose } = request;
  const about = [use, id, browser, tenantId, objectId, Object.entries(purpose).toSorted(byName)];
  return createHmac('sha256', key).update(JSON.stringify(about)).digest('base64url');
}

/** What travels to Entra in place of the verifier (RFC 7636, S256). */
export function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}

/** Compares without telling by the time it takes where two values differ. */
export function isSame(left: string, right: string): boolean {
  const [one, other] = [Buffer.from(left), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** The database gives back the parts of a purpose in an order of its own. */
function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}
