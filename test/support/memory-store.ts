import { sameJson } from '../../src/core/json.ts';
import { isOpen, type ProvisioningRequest } from '../../src/core/request.ts';
import type { SetUp } from '../../src/core/set-up.ts';
import type {
  AuditEntry,
  Effect,
  MessageStore,
  RequestFilter,
  RequestStore,
  SentMessage,
  SetUpStore,
} from '../../src/core/store.ts';

/** Called around every write, so that a test can let the process die there. */
type Around = (label: string) => Promise<void>;

/** Requests, set-ups and messages in memory, with compare-and-swap as a database does it. Everything is copied. */
export class MemoryStore implements RequestStore, SetUpStore, MessageStore {
  readonly audit: AuditEntry[] = [];
  /** Every effect ever stored, in order. */
  readonly effects: Effect[] = [];
  around: Around = () => Promise.resolve();
  readonly #requests = new Map<string, ProvisioningRequest>();
  readonly #setUps = new Map<string, SetUp>();
  readonly #cards = new Map<string, SentMessage>();

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
    return structuredClone(this.#requests.get(id) ?? null);
  }

  async list({ states, tenantId, decideBefore, limit = 50 }: RequestFilter): Promise<readonly ProvisioningRequest[]> {
    await Promise.resolve();
    const found = [...this.#requests.values()]
      .filter(({ state }) => !states || states.includes(state))
      .filter(({ tenant }) => tenantId === undefined || tenant.id === tenantId)
      .filter(({ decideBy }) => decideBefore === undefined || (decideBy !== null && decideBy < decideBefore));
    return structuredClone(found.toReversed().slice(0, limit));
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
    this.audit.push(structuredClone(audit));
  }

  async ofTenant(tenantId: string): Promise<readonly SetUp[]> {
    return (await this.all()).filter((setUp) => setUp.tenantId === tenantId);
  }

  async all(): Promise<readonly SetUp[]> {
    await Promise.resolve();
    return structuredClone([...this.#setUps.values()]);
  }

  async cardOf(requestId: string): Promise<SentMessage | null> {
    await Promise.resolve();
    return this.#cards.get(requestId) ?? null;
  }

  async rememberCard(requestId: string, message: SentMessage): Promise<boolean> {
    await Promise.resolve();
    if (this.#cards.has(requestId)) return false;
    this.#cards.set(requestId, message);
    return true;
  }

  /** Puts a set-up there as an earlier request would have left it. */
  keep(setUp: SetUp): void {
    this.#setUps.set(`${setUp.tenantId} ${setUp.connector}`, setUp);
  }

  #commit(request: ProvisioningRequest, effects: readonly Effect[], audit: AuditEntry | null): void {
    this.#requests.set(request.id, structuredClone(request));
    this.effects.push(...structuredClone(effects));
    if (audit) this.audit.push(structuredClone(audit));
    for (const effect of effects) if (effect.kind === 'set-up') this.keep(effect.setUp);
  }
}
