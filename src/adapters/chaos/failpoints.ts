import { AsyncLocalStorage } from 'node:async_hooks';
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod/v4';
import type { ProvisioningRequest } from '../../core/request.ts';

/** Where this process is to be hit next: at the n-th pass of a named point, or at the n-th point of all. */
const Order = z.strictObject({
  tenant: z.string(),
  workflow: z.string(),
  point: z.string().nullable(),
  nth: z.int().min(1),
  signal: z.enum(['SIGKILL', 'SIGSTOP']),
});
const Orders = z.array(Order);
type Order = z.infer<typeof Order>;

type Known = Pick<ProvisioningRequest, 'id' | 'workflow'> & { readonly tenant: { readonly name: string } };

interface Scope {
  readonly requestId: string;
  readonly tenant: string;
  readonly workflow: string;
  readonly passes: Map<string | null, number>;
}

/**
 * Points between two effects, each of which may be the last thing this process does. The file holds the orders, which
 * are carried out in turn; every point that is passed is added to a log beside it. Both are written at once: after a
 * kill nothing is flushed any more.
 */
export class Failpoints {
  readonly #file: string;
  readonly #scopes = new Map<string, Scope>();
  readonly #current = new AsyncLocalStorage<string>();

  constructor(file: string) {
    this.#file = file;
  }

  /** From now on the points of this request can be told from those of others. */
  know({ id, tenant, workflow }: Known): void {
    if (this.#scopes.has(id)) return;
    this.#scopes.set(id, { requestId: id, tenant: tenant.name, workflow, passes: new Map() });
  }

  /** Points inside `work` belong to this request. */
  within<Result>(requestId: string, work: () => Promise<Result>): Promise<Result> {
    return this.#current.run(requestId, work);
  }

  /** Passes a point, or ends here. */
  reach(point: string, requestId = this.#current.getStore()): void {
    const scope = this.#scopes.get(requestId ?? '');
    if (!scope) return;
    appendFileSync(`${this.#file}.log`, `${Date.now()}\t${scope.requestId}\t${point}\n`);
    const passed = pass(scope, point);
    const inAll = pass(scope, null);
    const [order, ...later] = this.#orders();
    if (order?.tenant !== scope.tenant || order.workflow !== scope.workflow) return;
    const isHere = order.point === null ? order.nth === inAll : order.point === point && order.nth === passed;
    if (!isHere) return;
    // Carried out once: after the restart the same point is passed again.
    this.#give(later);
    process.kill(process.pid, order.signal);
  }

  /** Renamed into place, because another process may be reading. */
  #give(orders: readonly Order[]): void {
    const draft = `${this.#file}.${process.pid}`;
    writeFileSync(draft, JSON.stringify(orders));
    renameSync(draft, this.#file);
  }

  #orders(): readonly Order[] {
    return existsSync(this.#file) ? Orders.parse(JSON.parse(readFileSync(this.#file, 'utf8'))) : [];
  }
}

function pass({ passes }: Scope, point: string | null): number {
  const count = (passes.get(point) ?? 0) + 1;
  passes.set(point, count);
  return count;
}
