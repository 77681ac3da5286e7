import { createPublicKey, type KeyObject } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod/v4';
import type { Logger } from '../telemetry/log.ts';

const CHANNEL = 'msteams';
const FETCH_TIMEOUT_MS = 5000;
const REFRESH_EVERY_MS = 6 * 3_600_000;
const FIRST_RETRY_AFTER_MS = 1000;
const RETRY_AFTER_MS = 60_000;
const STALE_AFTER_MS = 24 * 3_600_000;
const USABLE_FOR_MS = 7 * 24 * 3_600_000;

const metadataSchema = z.object({ jwks_uri: z.url() });
const keysSchema = z.object({
  keys: z.array(
    z.object({
      kid: z.string().optional(),
      kty: z.string(),
      n: z.string().optional(),
      e: z.string().optional(),
      endorsements: z.array(z.string()).catch([]),
    }),
  ),
});

interface SigningKey {
  readonly key: KeyObject;
  readonly endorsements: readonly string[];
}

/** No signing key could be loaded, so no token can be judged. */
export class KeysUnavailableError extends Error {
  override readonly name = 'KeysUnavailableError';
}

/**
 * The public keys with which the channel signs its tokens, kept fresh in the background: an outage of the key server
 * must not become an outage of the bot.
 */
export class SigningKeys {
  readonly #metadataUrl: string;
  readonly #log: Logger;
  #keys = new Map<string, SigningKey>();
  #loadedAt = 0;
  #triedAt = 0;
  #loading: Promise<void> | null = null;

  constructor(metadataUrl: string, log: Logger) {
    this.#metadataUrl = metadataUrl;
    this.#log = log;
  }

  get ready(): boolean {
    return this.#keys.size > 0 && Date.now() - this.#loadedAt < USABLE_FOR_MS;
  }

  /** Loads the keys and keeps them fresh until the signal. */
  async keepFresh(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const loaded = await this.#load().then(
        () => true,
        () => false,
      );
      const again = this.ready ? RETRY_AFTER_MS : FIRST_RETRY_AFTER_MS;
      await wait(loaded ? REFRESH_EVERY_MS : again, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** The name and shape the SDK asks for. An unknown key id loads the keys again, at most once a minute. */
  async getKey(keyId: string): Promise<SigningKey | null> {
    const known = this.ready ? this.#keys.get(keyId) : undefined;
    if (known) return known;
    if (!this.ready || Date.now() - this.#triedAt > RETRY_AFTER_MS) await this.#load().catch(() => undefined);
    if (!this.ready) throw new KeysUnavailableError('The signing keys of the channel are not available.');
    return this.#keys.get(keyId) ?? null;
  }

  #load(): Promise<void> {
    this.#loading ??= this.#fetchKeys().finally(() => {
      this.#loading = null;
    });
    return this.#loading;
  }

  async #fetchKeys(): Promise<void> {
    this.#triedAt = Date.now();
    try {
      const { jwks_uri } = metadataSchema.parse(await getJson(this.#metadataUrl));
      const { keys } = keysSchema.parse(await getJson(jwks_uri));
      const endorsed = keys.filter((key) => key.kty === 'RSA' && key.kid && key.endorsements.includes(CHANNEL));
      if (endorsed.length === 0) throw new Error('The key list holds no RSA key endorsed for Teams.');
      this.#keys = new Map(
        endorsed.map((jwk) => {
          const key = createPublicKey({ key: { kty: 'RSA', n: jwk.n ?? '', e: jwk.e ?? '' }, format: 'jwk' });
          return [jwk.kid ?? '', { key, endorsements: jwk.endorsements }];
        }),
      );
      this.#loadedAt = Date.now();
    } catch (error) {
      const stale = Date.now() - this.#loadedAt > STALE_AFTER_MS;
      const level = stale ? 'warn' : 'info';
      this.#log[level]({ err: error, url: this.#metadataUrl, usable: this.ready }, 'signing keys could not be loaded');
      throw error;
    }
  }
}

async function getJson(url: string): Promise<unknown> {
  const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS), redirect: 'error' });
  if (!response.ok) throw new Error(`${url} answered ${response.status}.`);
  return response.json();
}
