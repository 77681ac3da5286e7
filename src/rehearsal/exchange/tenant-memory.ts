import { z } from 'zod/v4';
import { createTenant, OBJECT_KINDS, type Tenant } from './tenant.ts';

const exchangeValue = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]);

const version = z.object({
  value: z.record(z.string(), exchangeValue).nullable(),
  storedAt: z.number(),
  visibleAt: z.number(),
  effectiveAt: z.number(),
});

const tenantMemory = z.object({
  id: z.string(),
  name: z.string(),
  initialDomain: z.string(),
  consent: z.enum(['granted', 'missing', 'revoked']),
  hasExchangeRole: z.boolean(),
  hasDirectoryRole: z.boolean(),
  switches: z.object({
    onPremisesInboundAllowed: z.boolean(),
    isDehydrated: z.boolean(),
    developer: z.boolean(),
    olderErrors: z.boolean(),
    slashInNameRefused: z.boolean(),
    bothRestrictionsAllowed: z.boolean(),
  }),
  mailboxes: z.array(z.string()),
  stores: z.record(z.enum(OBJECT_KINDS), z.record(z.string(), z.array(version))),
});

type TenantMemory = z.infer<typeof tenantMemory>;

export const tenantMemories = z.array(tenantMemory);

/** A tenant as JSON can hold it. */
export function rememberTenant(tenant: Tenant): object {
  const { id, name, initialDomain, consent, hasExchangeRole, hasDirectoryRole, switches } = tenant;
  const stores = OBJECT_KINDS.map((kind) => [kind, tenant.stores[kind].export()]);
  return {
    id,
    name,
    initialDomain,
    consent,
    hasExchangeRole,
    hasDirectoryRole,
    switches,
    mailboxes: [...tenant.mailboxes],
    stores: Object.fromEntries(stores),
  };
}

export function recallTenant(memory: TenantMemory): Tenant {
  const tenant = createTenant(memory);
  tenant.consent = memory.consent;
  tenant.hasExchangeRole = memory.hasExchangeRole;
  tenant.hasDirectoryRole = memory.hasDirectoryRole;
  Object.assign(tenant.switches, memory.switches);
  for (const mailbox of memory.mailboxes) tenant.mailboxes.add(mailbox);
  for (const kind of OBJECT_KINDS) tenant.stores[kind].restore(memory.stores[kind]);
  return tenant;
}
