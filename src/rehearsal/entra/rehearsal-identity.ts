import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, jwtVerify, SignJWT } from 'jose';

export const HOME_TENANT = '0b0b0b0b-0000-4000-8000-000000000001';
export const BOT_APP_ID = '0b0b0b0b-0000-4000-8000-0000000000b0';
export const WORKER_APP_ID = '0b0b0b0b-0000-4000-8000-0000000000e0';
export const SIGN_IN_APP_ID = '0b0b0b0b-0000-4000-8000-0000000000a0';
/** The identity of the machine that the bot would run on, which the worker's registration trusts. */
export const MANAGED_IDENTITY = {
  clientId: '0b0b0b0b-0000-4000-8000-0000000000f0',
  principalId: '0b0b0b0b-0000-4000-8000-0000000000f1',
} as const;
export const BOT_TOKEN_ISSUER = 'https://api.botframework.com';

/** Private signing keys and application secrets of one rehearsal; kept in the data folder between starts. */
export interface IdentityKeys {
  readonly channel: JWK;
  readonly entra: JWK;
  readonly botSecret: string;
  readonly workerSecret: string;
  readonly signInSecret: string;
}

export async function createIdentityKeys(): Promise<IdentityKeys> {
  return {
    channel: await createKey(),
    entra: await createKey(),
    botSecret: `rehearsal-${crypto.randomUUID()}`,
    workerSecret: `rehearsal-${crypto.randomUUID()}`,
    signInSecret: `rehearsal-${crypto.randomUUID()}`,
  };
}

/** Signs and checks the tokens of the simulated Entra and of the simulated Teams channel. Expiry is real time. */
export class RehearsalIdentity {
  readonly keys: IdentityKeys;
  readonly #channelPublic: JWK;
  readonly #entraPublic: JWK;

  constructor(keys: IdentityKeys) {
    this.keys = keys;
    this.#channelPublic = publicPart(keys.channel);
    this.#entraPublic = publicPart(keys.entra);
  }

  /** With which tokens of Entra verify. */
  get entraKey(): JWK {
    return this.#entraPublic;
  }

  /** A token as the channel sends it to the bot. `overrides` replaces claims, for forged tokens; undefined drops one. */
  async signBotToken(options: {
    serviceUrl: string;
    expiresInSeconds?: number;
    overrides?: Record<string, unknown>;
  }): Promise<string> {
    const claims = {
      iss: BOT_TOKEN_ISSUER,
      aud: BOT_APP_ID,
      serviceurl: options.serviceUrl,
      ...options.overrides,
    };
    return sign(this.keys.channel, claims, options.expiresInSeconds ?? 3600);
  }

  /** A client-credentials access token. */
  async signAccessToken(options: {
    issuer: string;
    audience: string;
    tenant: string;
    appId: string;
    roles: readonly string[];
  }): Promise<string> {
    const claims = {
      iss: options.issuer,
      aud: options.audience,
      tid: options.tenant,
      appid: options.appId,
      azp: options.appId,
      idtyp: 'app',
      roles: options.roles,
      ver: '1.0',
    };
    return sign(this.keys.entra, claims, 3600);
  }

  /** What says who signed in. */
  async signIdToken(claims: Record<string, unknown>): Promise<string> {
    return sign(this.keys.entra, claims, 3600);
  }

  /** The claims of a valid access token for this audience; null for any other text. */
  async verify(token: string, audience: string): Promise<Readonly<Record<string, unknown>> | null> {
    try {
      const { payload } = await jwtVerify(token, this.#entraPublic, { audience, algorithms: ['RS256'] });
      return payload;
    } catch {
      return null;
    }
  }

  /** The channel's public keys: the endorsement is what lets the bot accept Teams activities. */
  channelKeys(): Readonly<Record<string, unknown>> {
    return { keys: [{ ...this.#channelPublic, endorsements: ['msteams'] }] };
  }

  entraKeys(): Readonly<Record<string, unknown>> {
    return { keys: [this.#entraPublic] };
  }
}

async function createKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true });
  const jwk = await exportJWK(privateKey);
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), use: 'sig', alg: 'RS256' };
}

function publicPart({ kty, n, e, kid, use, alg }: JWK): JWK {
  return { kty, n, e, kid, use, alg } as JWK;
}

async function sign(key: JWK, claims: Record<string, unknown>, seconds: number): Promise<string> {
  const present = Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT(present)
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: key.kid ?? '', x5t: key.kid ?? '' })
    .setNotBefore(now - 300)
    .setIssuedAt(now)
    .setExpirationTime(now + seconds)
    .sign(key);
}
