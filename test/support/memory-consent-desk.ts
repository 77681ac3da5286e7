import type { SentMessage } from '../../src/core/store.ts';
import type {
  AdminConsent,
  Asked,
  ConsentLink,
  ConsentRequest,
  ConsentStanding,
} from '../../src/ports/admin-consent.ts';

/** Gives out links and remembers them; nobody ever comes back. */
export class MemoryConsentDesk implements AdminConsent {
  readonly standings = new Map<string, ConsentStanding>();
  /** In whose name links were asked for, in order. */
  readonly asked: Asked[] = [];

  async begin(request: ConsentRequest, asked: Asked): Promise<ConsentLink> {
    this.asked.push(asked);
    const id = `${this.standings.size}`.padStart(43, 'x');
    const url = new URL(`https://bot.example/consent/start?state=${id}`);
    const link = { id, publicName: `consent:${this.standings.size}`, url, validForSeconds: 600 };
    this.standings.set(id, { request, outcome: { kind: 'open' }, link, card: null });
    return link;
  }

  async standingOf(id: string): Promise<ConsentStanding | null> {
    return this.standings.get(id) ?? null;
  }

  async shownOn(id: string, card: SentMessage): Promise<void> {
    this.change(id, { card });
  }

  change(id: string, change: Partial<ConsentStanding>): void {
    const known = this.standings.get(id);
    if (known) this.standings.set(id, { ...known, ...change });
  }
}
