import type { AddressView, DnsResolver, MxRecord, MxView, TextView } from '../../src/ports/dns-resolver.ts';

type Silence = Exclude<MxView['status'], 'answer'>;

/** What resolvers answer: hosts in order of preference (`'20 mx.example'` sets one), or why there are none. */
export type FakeAnswer = readonly string[] | Silence;

/** One answer for all resolvers, or one per resolver. */
export type FakeMx = FakeAnswer | { readonly [resolver: string]: FakeAnswer };

/** Resolvers that answer what they are told to. Hosts have one address each, made from their name, unless set. */
export class FakeDns implements DnsResolver {
  readonly resolvers: readonly string[];
  ttlSeconds = 3600;
  readonly #mx = new Map<string, FakeMx>();
  readonly #addresses = new Map<string, readonly string[]>();
  readonly #texts = new Map<string, readonly string[] | Silence>();

  constructor(mx: Readonly<Record<string, FakeMx>> = {}, resolvers: readonly string[] = ['resolver-1', 'resolver-2']) {
    this.resolvers = resolvers;
    for (const [domain, answer] of Object.entries(mx)) this.setMx(domain, answer);
  }

  setMx(domain: string, answer: FakeMx): void {
    this.#mx.set(domain, answer);
  }

  setAddresses(host: string, addresses: readonly string[]): void {
    this.#addresses.set(host, addresses);
  }

  setTexts(name: string, answer: readonly string[] | Silence): void {
    this.#texts.set(name, answer);
  }

  async mx(domain: string): Promise<readonly MxView[]> {
    const answer = this.#mx.get(domain) ?? 'nxdomain';
    return this.resolvers.map((resolver) =>
      this.#view(resolver, isPerResolver(answer) ? (answer[resolver] ?? 'timeout') : answer),
    );
  }

  async addresses(host: string): Promise<readonly AddressView[]> {
    const addresses = this.#addresses.get(host) ?? [addressOf(host)];
    const status = addresses.length > 0 ? 'answer' : 'nxdomain';
    return this.resolvers.map((resolver) => ({ resolver, status, addresses }));
  }

  async texts(name: string): Promise<readonly TextView[]> {
    const answer = this.#texts.get(name) ?? 'nxdomain';
    const view =
      typeof answer === 'string' ? { status: answer, texts: [] } : { status: 'answer' as const, texts: answer };
    return this.resolvers.map((resolver) => ({ resolver, ...view }));
  }

  #view(resolver: string, answer: FakeAnswer): MxView {
    if (typeof answer === 'string') return { resolver, status: answer, records: [], ttlSeconds: 0 };
    const records = answer.map(recordOf).toSorted((a, b) => a.preference - b.preference);
    return { resolver, status: 'answer', records, ttlSeconds: this.ttlSeconds };
  }
}

function isPerResolver(answer: FakeMx): answer is { readonly [resolver: string]: FakeAnswer } {
  return typeof answer === 'object' && !Array.isArray(answer);
}

function recordOf(text: string, index: number): MxRecord {
  const [, preference, exchange] = /^(\d+) (.*)$/u.exec(text) ?? [null, String(index * 10), text];
  return { preference: Number(preference), exchange: exchange ?? '' };
}

/** A documentation address that is always the same for the same host. */
function addressOf(host: string): string {
  const sum = Array.from(host).reduce((total, character) => (total * 31 + (character.codePointAt(0) ?? 0)) % 250, 7);
  return `203.0.113.${sum + 1}`;
}
