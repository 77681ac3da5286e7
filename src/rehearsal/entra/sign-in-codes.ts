import { randomBytes } from 'node:crypto';
import type { World } from '../world.ts';

/** What a code stands for until it is exchanged. */
export interface SignInGrant {
  readonly tenant: string;
  readonly oid: string;
  readonly name: string;
  readonly username: string;
  readonly redirect: string;
  readonly challenge: string;
  readonly nonce: string | null;
  /** Authentication contexts that were asked for and met. */
  readonly contexts: readonly string[];
  /** Seconds since the epoch, real time. */
  readonly authTime: number;
}

const VALID_MS = 10 * 60_000;

/** Authorization codes: each is good once, for some minutes of real time. */
class SignInCodes {
  readonly #codes = new Map<string, SignInGrant & { readonly until: number }>();
  readonly #used = new Set<string>();

  give(grant: SignInGrant): string {
    const code = `0.${randomBytes(48).toString('base64url')}`;
    this.#codes.set(code, { ...grant, until: Date.now() + VALID_MS });
    return code;
  }

  take(code: string): SignInGrant | 'used' | 'unknown' {
    if (this.#used.has(code)) return 'used';
    const grant = this.#codes.get(code);
    this.#codes.delete(code);
    if (!grant || grant.until < Date.now()) return 'unknown';
    this.#used.add(code);
    return grant;
  }
}

const codes = new WeakMap<World, SignInCodes>();

export function codesOf(world: World): SignInCodes {
  const known = codes.get(world) ?? new SignInCodes();
  codes.set(world, known);
  return known;
}
