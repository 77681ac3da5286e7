import { z } from 'zod/v4';
import { Recent } from './recent.ts';

/** As much as the SDK allows clocks to differ. */
const SKEW_SECONDS = 300;
const LONGEST_HEADER = 8192;
const PASSED_FOR_MS = 3_600_000;

const headerSchema = z.object({ alg: z.literal('RS256'), kid: z.string().min(1).max(200) });
const claimsSchema = z.object({ iss: z.string(), aud: z.string(), exp: z.number() });

export type Screened =
  | { readonly ok: true /** Milliseconds since the epoch. */; readonly expiresAt: number }
  | { readonly ok: false; readonly why: string };

/**
 * Looks at a bearer token without checking its signature, so that only tokens that claim to be the channel's, for this
 * bot, reach the SDK. The SDK would otherwise add the issuer it reads from any token to a list that only grows, and
 * would accept tokens that Entra issued for the bot itself.
 */
export function createTokenFilter(expected: {
  readonly issuer: string;
  readonly appId: string;
}): (authorization: string | undefined) => Screened {
  const passed = new Recent<Screened>({ limit: 500, keepMs: PASSED_FOR_MS });
  return (authorization = '') => {
    const known = passed.get(authorization);
    if (known) return known;
    const screened = screen(authorization, expected);
    if (screened.ok) passed.set(authorization, screened, Math.min(screened.expiresAt, Date.now() + PASSED_FOR_MS));
    return screened;
  };
}

function screen(authorization: string, expected: { readonly issuer: string; readonly appId: string }): Screened {
  const [scheme, token = '', ...rest] = authorization.split(' ');
  const parts = token.split('.');
  if (scheme !== 'Bearer' || rest.length > 0 || parts.length !== 3) return refused('no bearer token');
  if (authorization.length > LONGEST_HEADER) return refused('token too long');
  const [header, claims] = parts.map(decode);
  if (!headerSchema.safeParse(header).success) return refused('algorithm or key id');
  const { data } = claimsSchema.safeParse(claims);
  if (!data) return refused('claims missing');
  if (data.iss !== expected.issuer) return refused('issuer');
  if (data.aud !== expected.appId) return refused('audience');
  const expiresAt = data.exp * 1000;
  return expiresAt + SKEW_SECONDS * 1000 > Date.now() ? { ok: true, expiresAt } : refused('expired');
}

function decode(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}

function refused(why: string): Screened {
  return { ok: false, why };
}
