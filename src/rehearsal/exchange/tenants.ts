import { ChangeSignal } from '../change-signal.ts';
import type { Tenant } from './tenant.ts';
import { recallTenant, rememberTenant, tenantMemories } from './tenant-memory.ts';

/** The organisations of the world by guid. Whoever changes one says so. */
export class Tenants extends Map<string, Tenant> {
  readonly changes = new ChangeSignal();

  export(): string {
    return JSON.stringify([...this.values()].map(rememberTenant));
  }

  restore(memory: unknown): void {
    const tenants = tenantMemories.parse(memory).map(recallTenant);
    this.clear();
    for (const tenant of tenants) this.set(tenant.id, tenant);
  }
}
