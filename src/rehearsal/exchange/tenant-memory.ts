import { z } from 'zod/v4';
import { directoryRoleNames } from '../entra/directory-roles.ts';
import { graphPermissionNames } from '../entra/graph-permissions.ts';
import { SWITCHES, switchProblem } from './switches.ts';
import { createTenant, OBJECT_KINDS, type Tenant } from './tenant.ts';

const exchangeValue = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]);

const version = z.object({
  value: z.record(z.string(), exchangeValue).nullable(),
  storedAt: z.number(),
  visibleAt: z.number(),
  effectiveAt: z.number(),
});

const accessState = z.object({
  consent: z.enum(['granted', 'missing', 'revoked']),
  principalEnabled: z.boolean().default(true),
  exchangePermission: z.boolean(),
  graphPermissions: z.array(z.enum(graphPermissionNames)),
  roles: z.array(z.enum(directoryRoleNames)),
});

const tenantMemory = z.object({
  id: z.string(),
  name: z.string(),
  initialDomain: z.string(),
  access: z.object({
    current: accessState,
    earlier: z.array(z.object({ state: accessState, until: z.number() })),
  }),
  // A switch that an earlier version did not have stands as usual.
  switches: z
    .partialRecord(z.enum(Object.keys(SWITCHES)), z.unknown())
    .refine((switches) => Object.entries(switches).every(([name, value]) => switchProblem(name, value) === null)),
  mailboxes: z.array(z.string()),
  groups: z.record(z.string(), z.array(z.string())).default({}),
  unverifiedDomains: z.array(z.object({ name: z.string(), proof: z.string() })),
  // A kind that an earlier version did not know is empty.
  stores: z.partialRecord(z.enum(OBJECT_KINDS), z.record(z.string(), z.array(version))),
});

type TenantMemory = z.infer<typeof tenantMemory>;

export const tenantMemories = z.array(tenantMemory);

/** A tenant as JSON can hold it. */
export function rememberTenant(tenant: Tenant): object {
  const { id, name, initialDomain, switches } = tenant;
  const stores = OBJECT_KINDS.map((kind) => [kind, tenant.stores[kind].export()]);
  return {
    id,
    name,
    initialDomain,
    access: tenant.access.export(),
    switches,
    mailboxes: [...tenant.mailboxes],
    groups: Object.fromEntries([...tenant.groups].map(([group, members]) => [group, [...members]])),
    unverifiedDomains: [...tenant.unverifiedDomains.values()],
    stores: Object.fromEntries(stores),
  };
}

export function recallTenant(memory: TenantMemory): Tenant {
  const tenant = createTenant(memory);
  tenant.access.restore(memory.access);
  Object.assign(tenant.switches, memory.switches);
  for (const mailbox of memory.mailboxes) tenant.mailboxes.add(mailbox);
  for (const [group, members] of Object.entries(memory.groups)) tenant.groups.set(group, new Set(members));
  for (const domain of memory.unverifiedDomains) tenant.unverifiedDomains.set(domain.name, domain);
  for (const kind of OBJECT_KINDS) tenant.stores[kind].restore(memory.stores[kind] ?? {});
  return tenant;
}
