import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { ConsentRequest } from '../../ports/admin-consent.ts';

/** 256 bits: nobody guesses the id of an open link. */
const ID_BYTES = 32;
const form = /^([\w-]{43})\.([\w-]{43})$/u;

/** The id of a new link. */
export function newConsentId(): string {
  return randomBytes(ID_BYTES).toString('base64url');
}

/** What travels through Microsoft and back: the id, signed together with what it was given out for. */
export function consentState(id: string, request: ConsentRequest, appId: string, key: Uint8Array): string {
  return `${id}.${signature(id, request, appId, key).toString('base64url')}`;
}

/** The id in a state that has the right form; its signature is not checked yet. */
export function idInState(state: string): string | null {
  return form.exec(state)?.[1] ?? null;
}

/** Whether a state was signed by us for this request of this application. */
export function isSignedFor(state: string, request: ConsentRequest, appId: string, key: Uint8Array): boolean {
  const [, id = '', given = ''] = form.exec(state) ?? [];
  const expected = signature(id, request, appId, key);
  const found = Buffer.from(given, 'base64url');
  return found.length === expected.length && timingSafeEqual(found, expected);
}

function signature(id: string, { tenantId, requesterId }: ConsentRequest, appId: string, key: Uint8Array): Buffer {
  return createHmac('sha256', key)
    .update(JSON.stringify([id, tenantId, requesterId, appId]))
    .digest();
}
