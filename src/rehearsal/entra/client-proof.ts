import { createHash, X509Certificate } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import { homeOf } from '../home/home-directory.ts';
import { cloudUrl, type World } from '../world.ts';
import { unknownApplication, wrongSecret } from './entra-error.ts';
import {
  badFederatedSignature,
  badSignature,
  expiredCertificate,
  foreignAssertion,
  malformedAssertion,
  noAssertionType,
  noFederation,
  noProof,
  outOfTime,
  unknownCertificate,
  wrongAudience,
} from './proof-errors.ts';
import { BOT_APP_ID, HOME_TENANT, WORKER_APP_ID } from './rehearsal-identity.ts';
import { usualRegistration, type WorkerRegistration } from './worker-registration.ts';

const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** Seconds by which a clock may be wrong. */
const TOLERANCE = 300;

/** How a client proves that it is the application it names. */
export interface ClientProof {
  readonly appId: string;
  /** The tenant as the address names it, and its id. */
  readonly tenants: readonly string[];
  readonly secret: string;
  readonly assertion: string | null;
  readonly assertionType: string | null;
}

/** Throws the refusal that Entra has for a proof that is none. */
export async function checkProof(world: World, proof: ClientProof): Promise<void> {
  const { appId, secret, assertion } = proof;
  const { botSecret, workerSecret } = world.identity.keys;
  const known = new Map([
    [BOT_APP_ID, botSecret],
    [WORKER_APP_ID, workerSecret],
  ]).get(appId);
  if (known === undefined) throw unknownApplication(appId, proof.tenants[0] ?? '');
  if (assertion === null) {
    if (secret === '') throw noProof();
    if (secret !== known) throw wrongSecret(appId);
    return;
  }
  if (proof.assertionType !== JWT_BEARER) throw noAssertionType();
  const claims = claimsOf(assertion);
  const registration = appId === WORKER_APP_ID ? homeOf(world).worker : { ...usualRegistration, federated: [] };
  const isOwn = claims.iss === appId || claims.sub === appId;
  if (isOwn) await checkOwn(world, proof, registration);
  else await checkFederated(world, assertion, registration);
}

/** An assertion that the application signed itself, with the key of a registered certificate. */
async function checkOwn(world: World, proof: ClientProof, { certificates }: WorkerRegistration): Promise<void> {
  const { appId, tenants } = proof;
  const assertion = proof.assertion ?? '';
  const { iss, sub, aud } = claimsOf(assertion);
  if (iss !== appId || sub !== appId) throw foreignAssertion();
  const { x5t, 'x5t#S256': x5tS256, kid } = decodeProtectedHeader(assertion);
  const named = [x5tS256, x5t, kid].filter((one) => typeof one === 'string');
  const found = certificates
    .map((pem) => new X509Certificate(pem))
    .find(({ raw }) => ['sha256', 'sha1'].some((hash) => named.includes(thumbprint(raw, hash))));
  if (!found) throw unknownCertificate(named[0] ?? '', appId);
  if (found.validToDate.getTime() < Date.now()) throw expiredCertificate(named[0] ?? '');
  await verify(assertion, found.publicKey, badSignature);
  const realms = tenants.map((tenant) => `${cloudUrl(world)}/${tenant}`);
  const takers = realms.flatMap((realm) => [`${realm}/oauth2/v2.0/token`, `${realm}/v2.0`]);
  if (![aud].flat().some((one) => one !== undefined && takers.includes(one))) throw wrongAudience();
}

/** A token of somebody else whom the registration trusts: a managed identity. */
async function checkFederated(world: World, assertion: string, { federated }: WorkerRegistration): Promise<void> {
  const { iss = '', sub = '', aud } = claimsOf(assertion);
  if (!URL.canParse(iss)) throw foreignAssertion();
  const ofIssuer = federated.filter(({ tenant }) => iss === `${cloudUrl(world)}/${tenant ?? HOME_TENANT}/v2.0`);
  if (ofIssuer.length === 0) throw noFederation('issuer', iss);
  const audiences = [aud].flat();
  const ofAudience = ofIssuer.filter(({ audience }) => audiences.includes(audience));
  if (ofAudience.length === 0) throw noFederation('audience', String(audiences[0] ?? ''));
  if (!ofAudience.some(({ subject }) => subject === sub)) throw noFederation('subject', sub);
  await verify(assertion, world.identity.entraKey, badFederatedSignature);
}

async function verify(
  assertion: string,
  key: Parameters<typeof jwtVerify>[1],
  badly: typeof badSignature,
): Promise<void> {
  try {
    const { payload } = await jwtVerify(assertion, key, {
      algorithms: ['PS256', 'RS256'],
      clockTolerance: TOLERANCE,
    });
    if (payload.exp === undefined) throw outOfTime();
  } catch (error) {
    if (error instanceof errors.JWTExpired || error instanceof errors.JWTClaimValidationFailed) throw outOfTime();
    throw error instanceof errors.JOSEError ? badly() : error;
  }
}

function claimsOf(assertion: string): JWTPayload {
  try {
    decodeProtectedHeader(assertion);
    return decodeJwt(assertion);
  } catch {
    throw malformedAssertion();
  }
}

function thumbprint(certificate: Buffer, hash: string): string {
  return createHash(hash).update(certificate).digest('base64url');
}
