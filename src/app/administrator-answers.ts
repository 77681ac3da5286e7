import type { ConsentDesk } from '../adapters/identity/admin-consent.ts';
import type { Proven, SignInAnswers } from '../adapters/identity/sign-in/sign-in-desk.ts';
import { consentName } from '../core/consent-name.ts';
import type { SignInRequest } from '../ports/sign-in.ts';
import type { WebAnswer } from '../ports/web-page.ts';

/**
 * An administrator has shown by a sign-in to the tenant who they are, and goes on to consent in the same browser. An
 * answer that anybody else brings back is not taken.
 */
export function administratorAnswers(consent: () => Pick<ConsentDesk, 'goOn'>): SignInAnswers {
  return {
    arrived: (proven) => goOn(consent(), proven),
    submitted: (proven) => goOn(consent(), proven),
    entryOf: (asked, who, failure) =>
      Promise.resolve({
        action: 'sign-in',
        requestId: consentName(referenceOf(asked)),
        tenantId: asked.tenantId,
        actor: who && { tenantId: who.tenantId, objectId: who.objectId, name: who.name },
        outcome: failure ? 'refused' : 'accepted',
        ...(failure && { reason: failure.message }),
        detail: { purpose: 'administrator' },
      }),
  };
}

function referenceOf({ purpose }: SignInRequest): string {
  return purpose.kind === 'administrator' ? purpose.reference : '';
}

async function goOn(consent: Pick<ConsentDesk, 'goOn'>, { request, use }: Proven): Promise<WebAnswer> {
  await use();
  const { status, html, headers } = await consent.goOn(referenceOf(request));
  const { location, 'set-cookie': cookie } = headers;
  return {
    status,
    html,
    ...(location === undefined ? {} : { location }),
    ...(cookie === undefined ? {} : { cookies: [cookie] }),
  };
}
