import { decodeJwt } from 'jose';
import { z } from 'zod/v4';

const Claims = z.object({ tid: z.guid().toLowerCase(), roles: z.array(z.string()).catch([]) });

/** What an access token says about itself. Its signature is for the service to check. */
export interface TokenClaims {
  /** Tenant the token is good for, lower case. */
  readonly tenantId: string;
  /** Application permissions that were granted there. */
  readonly roles: readonly string[];
}

/** The claims of an access token, or null when it does not say which tenant it is for. */
export function tokenClaims(token: string): TokenClaims | null {
  try {
    const { tid, roles } = Claims.parse(decodeJwt(token));
    return { tenantId: tid, roles };
  } catch {
    return null;
  }
}
