import type { ConsentDesk } from '../adapters/identity/admin-consent.ts';
import type { Proven, SignInAnswers } from '../adapters/identity/sign-in/sign-in-desk.ts';
import type { WebAnswer } from '../ports/web-page.ts';

/**
 * An administrator has shown by a sign-in to the tenant who they are, and goes on to consent in the same browser. An
 * answer that anybody else brings back is not taken.
 */
export function administratorAnswers(consent: () => Pick<ConsentDesk, 'goOn'>): SignInAnswers {
  return {
    arrived: (proven) => goOn(consent(), proven),
    submitted: (proven) => goOn(consent(), proven),
    refused: () => Promise.resolve(),
    accepted: () => Promise.resolve(),
  };
}

async function goOn(consent: Pick<ConsentDesk, 'goOn'>, { request: { purpose }, use }: Proven): Promise<WebAnswer> {
  const reference = purpose.kind === 'administrator' ? purpose.reference : '';
  await use();
  const { status, html, headers } = await consent.goOn(reference);
  const { location, 'set-cookie': cookie } = headers;
  return {
    status,
    html,
    ...(location === undefined ? {} : { location }),
    ...(cookie === undefined ? {} : { cookies: [cookie] }),
  };
}
