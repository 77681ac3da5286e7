import { z } from 'zod/v4';
import type { Variables } from './variables.ts';

const Tenant = z.strictObject({
  id: z.guid().toLowerCase(),
  name: z.string().trim().min(1).max(100),
  initialDomain: z
    .string()
    .toLowerCase()
    .regex(/^[a-z0-9-]+\.onmicrosoft\.(com|us|de|cn)$/u, 'must end in .onmicrosoft.com'),
});

/** A customer tenant Switchyard manages. */
export type TenantConfig = z.infer<typeof Tenant>;

/** The customer tenants of TENANTS; what is wrong with them becomes faults. */
export function readTenants(variables: Variables): readonly TenantConfig[] {
  const parsed = z.array(Tenant).safeParse(jsonOf(variables.text('TENANTS')));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    variables.fault(
      'TENANTS',
      `must be a JSON array of {"id","name","initialDomain"}: ${issue?.path.join('.') || 'the text'}: ${issue?.message}.`,
    );
    return [];
  }
  for (const property of ['id', 'name', 'initialDomain'] as const) {
    const values = parsed.data.map((tenant) => tenant[property].toLowerCase());
    const twice = values.find((value, index) => values.indexOf(value) !== index);
    if (twice !== undefined) variables.fault('TENANTS', `names two tenants with the ${property} "${twice}".`);
  }
  return parsed.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
