import { z } from 'zod/v4';

// Only the fields that are used. Unknown ones are dropped, missing ones fail where something depends on them.

const id = z.string().min(1).max(200);
const lower = z.string().max(1000).trim().toLowerCase();
const yes = z
  .boolean()
  .nullish()
  .transform((value) => value === true);
const address = z
  .string()
  .max(1000)
  .nullish()
  .transform((value) => value?.trim() || null);

export const Page = z.object({
  value: z.array(z.unknown()),
  '@odata.nextLink': z.string().max(8192).nullish(),
});

export const Principal = z.object({ id, accountEnabled: yes });
export const RoleGrant = z.object({ resourceId: id, appRoleId: z.guid().toLowerCase() });
export const RoleAssignment = z.object({ roleDefinitionId: z.guid().toLowerCase(), directoryScopeId: z.string() });

export const Domain = z.object({
  id: lower,
  isVerified: yes,
  isDefault: yes,
  isInitial: yes,
  supportedServices: z.array(z.string()).nullish(),
});

export const DnsRecord = z.object({
  '@odata.type': z.string().nullish(),
  recordType: z.string(),
  supportedService: z.string().nullish(),
  label: lower,
  mailExchange: lower.nullish(),
  preference: z.coerce.number().int().nullish(),
  text: z.string().max(4000).nullish(),
  canonicalName: lower.nullish(),
});

export const Trace = z.object({
  id,
  messageId: z.string().catch(''),
  receivedDateTime: z.string(),
  senderAddress: lower.catch(''),
  recipientAddress: lower,
  status: z.string(),
  fromIP: address,
  toIP: address,
});
