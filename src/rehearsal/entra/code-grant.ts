import { createHash } from 'node:crypto';
import { json, type RehearsalResponse } from '../http.ts';
import { cloudUrl, type World } from '../world.ts';
import { EntraError, unknownApplication, wrongSecret } from './entra-error.ts';
import { SIGN_IN_APP_ID } from './rehearsal-identity.ts';
import { codesOf, type SignInGrant } from './sign-in-codes.ts';

/** The authorization code grant: who brings the code back gets to know who signed in. */
export async function redeemCode(world: World, form: URLSearchParams, tenant: string): Promise<RehearsalResponse> {
  try {
    const grant = check(world, form, tenant);
    const token = await world.identity.signIdToken({
      iss: `${cloudUrl(world)}/${grant.tenant}/v2.0`,
      aud: SIGN_IN_APP_ID,
      sub: createHash('sha256').update(`${grant.oid} ${SIGN_IN_APP_ID}`).digest('base64url'),
      tid: grant.tenant,
      oid: grant.oid,
      name: grant.name,
      preferred_username: grant.username,
      nonce: grant.nonce ?? undefined,
      auth_time: grant.authTime,
      ...(grant.contexts.length === 0 ? {} : { acrs: grant.contexts }),
      ver: '2.0',
    });
    return json(200, { token_type: 'Bearer', scope: 'openid profile', expires_in: 3599, id_token: token });
  } catch (error) {
    if (error instanceof EntraError) return error.response();
    throw error;
  }
}

function check(world: World, form: URLSearchParams, tenant: string): SignInGrant {
  const appId = form.get('client_id') ?? '';
  if (appId !== SIGN_IN_APP_ID) throw unknownApplication(appId, tenant);
  if (form.get('client_secret') !== world.identity.keys.signInSecret) throw wrongSecret(appId);
  const grant = codesOf(world).take(form.get('code') ?? '');
  if (grant === 'used') throw refused(54005, 'OAuth2 Authorization code was already redeemed.');
  if (grant === 'unknown') throw refused(70008, 'The provided authorization code has expired.');
  if (grant.tenant !== tenant.toLowerCase()) throw refused(700005, 'The code is intended for another tenant.');
  if (grant.redirect !== form.get('redirect_uri')) throw refused(50011, 'The redirect URI does not match.');
  const challenge = createHash('sha256')
    .update(form.get('code_verifier') ?? '')
    .digest('base64url');
  if (challenge !== grant.challenge) throw refused(501481, 'The Code_Verifier does not match the code_challenge.');
  return grant;
}

function refused(number: number, message: string): EntraError {
  return new EntraError(400, 'invalid_grant', number, message);
}
