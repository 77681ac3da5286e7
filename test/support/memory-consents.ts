import { randomBytes } from 'node:crypto';
import type { SentMessage } from '../../src/core/store.ts';
import type { ConsentOutcome, ConsentRequest, ConsentStore, Taking } from '../../src/ports/admin-consent.ts';

interface Kept {
  readonly request: ConsentRequest;
  outcome: ConsentOutcome;
  state: 'open' | 'taken' | 'expired';
  card: SentMessage | null;
}

/** Consent links in memory. */
export class MemoryConsents implements ConsentStore {
  readonly #key = randomBytes(32);
  readonly #links = new Map<string, Kept>();

  signingKey(): Promise<Uint8Array> {
    return Promise.resolve(this.#key);
  }

  async add(id: string, request: ConsentRequest): Promise<void> {
    this.#links.set(id, { request, outcome: { kind: 'open' }, state: 'open', card: null });
  }

  async find(id: string): Promise<ConsentRequest | null> {
    return this.#links.get(id)?.request ?? null;
  }

  async take(id: string): Promise<Taking> {
    const link = this.#links.get(id);
    if (link?.state === 'taken' && link.outcome.kind === 'open') return 'in-hand';
    if (link?.state !== 'open') return 'over';
    link.state = 'taken';
    return 'ours';
  }

  async settle(id: string, outcome: ConsentOutcome): Promise<void> {
    const link = this.#links.get(id);
    if (link) link.outcome = outcome;
  }

  async outcomeOf(id: string): Promise<ConsentOutcome | null> {
    return this.#links.get(id)?.outcome ?? null;
  }

  async secondsLeft(id: string): Promise<number> {
    return this.#links.get(id)?.state === 'open' ? 600 : 0;
  }

  async cardOf(id: string): Promise<SentMessage | null> {
    return this.#links.get(id)?.card ?? null;
  }

  async shownOn(id: string, card: SentMessage): Promise<void> {
    const link = this.#links.get(id);
    if (link) link.card = card;
  }

  /** Whoever took it has not been heard of for too long. */
  forsake(id: string): void {
    const link = this.#links.get(id);
    if (link?.state === 'taken') link.state = 'open';
  }

  expire(id: string): void {
    const link = this.#links.get(id);
    if (link) link.state = 'expired';
  }
}
