import { owed } from '../../src/core/break-glass.ts';
import type { Clocks } from '../../src/core/clocks.ts';
import { sameJson } from '../../src/core/json.ts';
import { samePerson } from '../../src/core/person.ts';
import { isOpen, type ProvisioningRequest } from '../../src/core/request.ts';
import type { SetUp } from '../../src/core/set-up.ts';
import type {
  AuditEntry,
  Effect,
  IssuedCard,
  MessageStore,
  RequestFilter,
  RequestStore,
  SentMessage,
  SetUpStore,
} from '../../src/core/store.ts';
import { storedRequest } from '../../src/core/stored-request.ts';
import { copied } from './copied.ts';

/** Called around every write, so that a test can let the process die there. */
type Around = (label: string) => Promise<void>;

/** Requests, set-ups and messages in memory, with compare-and-swap, keys and order as a database has them. Everything is copied. */
export class MemoryStore implements RequestStore, SetUpStore, MessageStore {
  readonly audit: AuditEntry[] = [];
  /** Every effect ever stored, in order. */
  readonly effects: Effect[] = [];
  around: Around = () => Promise.resolve();
  readonly #requests = new Map<string, ProvisioningRequest>();
  readonly #setUps = new Map<string, SetUp>();
  readonly #cards = new Map<string, readonly IssuedCard[]>();
  readonly #posts = new Map<string, number>();

  async create(request: ProvisioningRequest, effects: readonly Effect[], audit: AuditEntry): Promise<boolean> {
    await this.around(`before create ${request.id}`);
    if (this.#requests.has(request.id) || this.#hasOpenTwin(request)) return false;
    this.#commit(request, effects, audit);
    await this.around(`after create ${request.id}`);
    return true;
  }

  #hasOpenTwin({ workflow, tenant, input }: ProvisioningRequest): boolean {
    const open = [...this.#requests.values()].filter(({ state }) => isOpen(state));
    return open.some((one) => sameJson([one.workflow, one.tenant.id, one.input], [workflow, tenant.id, input]));
  }

  async get(id: string): Promise<ProvisioningRequest | null> {
    await Promise.resolve();
    const body = this.#requests.get(id);
    return body ? storedRequest(copied(body)) : null;
  }

  async list(filter: RequestFilter): Promise<readonly ProvisioningRequest[]> {
    await Promise.resolve();
    const { states, tenantId, dueBefore, dueUnderAnother, owedBy, changedAfter, limit = 50 } = filter;
    const found = [...this.#requests.values()]
      .filter(({ state }) => !states || states.includes(state))
      .filter(({ tenant }) => tenantId === undefined || tenant.id === tenantId)
      .filter(({ clocks }) => dueBefore === undefined || (clocks.nextDue !== null && clocks.nextDue <= dueBefore))
      .filter(({ clocks }) => dueUnderAnother === undefined || isOutdated(clocks, dueUnderAnother))
      .filter(({ updatedAt }) => changedAfter === undefined || updatedAt > changedAfter)
      .filter((one) => owedBy === undefined || isOwedBy(one, owedBy));
    return copied(found.toReversed().slice(0, limit));
  }

  async save(next: ProvisioningRequest, effects: readonly Effect[], audit: AuditEntry | null): Promise<boolean> {
    await this.around(`before save ${next.state}`);
    if (this.#requests.get(next.id)?.revision !== next.revision - 1) return false;
    this.#commit(next, effects, audit);
    await this.around(`after save ${next.state}`);
    return true;
  }

  async record(audit: AuditEntry): Promise<void> {
    await Promise.resolve();
    this.audit.push(copied(audit));
  }

  async ofTenant(tenantId: string): Promise<readonly SetUp[]> {
    return (await this.all()).filter((setUp) => setUp.tenantId === tenantId);
  }

  async all(): Promise<readonly SetUp[]> {
    await Promise.resolve();
    return copied([...this.#setUps].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, setUp]) => setUp));
  }

  async cardOf(requestId: string): Promise<SentMessage | null> {
    const [first] = await this.cardsOf(requestId);
    return first ? { conversation: first.conversation, messageId: first.messageId } : null;
  }

  async cardsOf(requestId: string): Promise<readonly IssuedCard[]> {
    await Promise.resolve();
    return copied(this.#cards.get(requestId) ?? []);
  }

  async rememberCard(requestId: string, message: SentMessage): Promise<boolean> {
    const known = await this.cardsOf(requestId);
    if (known.some((card) => sameMessage(card, message))) return false;
    this.#cards.set(requestId, [...known, { ...message, revision: 0 }]);
    return true;
  }

  async cardShows(requestId: string, message: SentMessage, revision: number): Promise<number> {
    const known = await this.cardsOf(requestId);
    const latest = Math.max(revision, known.find((card) => sameMessage(card, message))?.revision ?? 0);
    this.#cards.set(
      requestId,
      known.map((card) => (sameMessage(card, message) ? { ...card, revision: latest } : card)),
    );
    return latest;
  }

  async forgetCard(requestId: string, message: SentMessage): Promise<void> {
    const known = await this.cardsOf(requestId);
    this.#cards.set(
      requestId,
      known.filter((card) => !sameMessage(card, message)),
    );
  }

  async beginCard(requestId: string, conversation: string): Promise<number> {
    await Promise.resolve();
    const key = `${requestId} ${conversation}`;
    this.#posts.set(key, (this.#posts.get(key) ?? 0) + 1);
    return this.#posts.get(key) ?? 1;
  }

  async cardSettled(requestId: string, conversation: string): Promise<void> {
    await Promise.resolve();
    const key = `${requestId} ${conversation}`;
    this.#posts.set(key, Math.max(0, (this.#posts.get(key) ?? 0) - 1));
  }

  /** Stores a request in another form, as an older program would have written it. */
  rewrite(id: string, change: (body: ProvisioningRequest) => object): void {
    const body = this.#requests.get(id);
    if (body) this.#requests.set(id, change(copied(body)) as ProvisioningRequest);
  }

  /** Puts a set-up there as an earlier request would have left it. */
  keep(setUp: SetUp): void {
    this.#setUps.set(`${setUp.tenantId} ${setUp.gateway}`, setUp);
  }

  #commit(request: ProvisioningRequest, effects: readonly Effect[], audit: AuditEntry | null): void {
    this.#requests.set(request.id, copied(request));
    this.effects.push(...copied(effects));
    if (audit) this.audit.push(copied(audit));
    for (const effect of effects) if (effect.kind === 'set-up') this.keep(effect.setUp);
  }
}

function isOutdated({ nextDue, duePolicy }: Clocks, version: string): boolean {
  return nextDue !== null && duePolicy !== version;
}

function isOwedBy(request: ProvisioningRequest, accounts: NonNullable<RequestFilter['owedBy']>): boolean {
  const by = owed(request) === null ? undefined : request.breakGlass?.by;
  return by !== undefined && accounts.some((account) => samePerson(account, by));
}

function sameMessage(one: SentMessage, other: SentMessage): boolean {
  return one.conversation === other.conversation && one.messageId === other.messageId;
}
