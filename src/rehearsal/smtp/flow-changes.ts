import { z } from 'zod/v4';
import { BadRequest } from '../http.ts';
import { type FlowSwitches, flowSwitches } from '../mail-flow/flow-switches.ts';
import { daneAnswers, mtaStsPolicy, type Scanner, scanner } from '../mail-flow/network.ts';
import { scannerOf } from '../mail-flow/world-network.ts';
import { findTenant, type World } from '../world.ts';

const scannerChange = scanner.partial().extend({ tenant: z.string() }).strict();

const securityChange = z.object({
  dane: z.record(z.string(), z.enum(daneAnswers).nullable()).default({}),
  mtaSts: z.record(z.string(), mtaStsPolicy.nullable()).default({}),
});

/**
 * Checks what is asked of mail flow's open questions, of the inline scanners and of what domains demand of senders; the
 * answers change them.
 */
export function flowChanges(world: World, body: Record<string, unknown>): (() => void)[] {
  const { flow, scanner: wanted } = body;
  const changes = securityChanges(world, body);
  if (flow !== undefined) {
    const given = parsed(flowSwitches.partial().strict(), flow, 'flow');
    const next: FlowSwitches = { ...world.smtp.flow, ...defined(given) };
    changes.push(() => {
      world.smtp.flow = next;
    });
  }
  if (wanted !== undefined) {
    const { tenant: name, ...given } = parsed(scannerChange, wanted, 'scanner');
    const tenant = findTenant(world, name);
    if (!tenant) throw new BadRequest(`scanner.tenant: there is no tenant ${name}.`);
    changes.push(() => {
      world.smtp.scanners.set(tenant.id, { ...scannerOf(world, tenant.id), ...defined(given) });
    });
  }
  return changes;
}

/** Null takes an entry away. */
function securityChanges({ smtp }: World, body: Record<string, unknown>): (() => void)[] {
  const { dane, mtaSts } = parsed(securityChange, body, 'smtp');
  const put = <Value>(map: Map<string, Value>, name: string, value: Value | null): void => {
    if (value === null) map.delete(name.toLowerCase());
    else map.set(name.toLowerCase(), value);
  };
  return [
    ...Object.entries(dane).map(
      ([host, answer]) =>
        () =>
          put(smtp.dane, host, answer),
    ),
    ...Object.entries(mtaSts).map(
      ([domain, policy]) =>
        () =>
          put(smtp.mtaSts, domain, policy),
    ),
  ];
}

/** The inline scanner of every organisation, by short name. */
export function showScanners(world: World): Record<string, Scanner> {
  return Object.fromEntries([...world.tenants.values()].map(({ id, name }) => [name, scannerOf(world, id)]));
}

function parsed<Value>(schema: z.ZodType<Value>, value: unknown, name: string): Value {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new BadRequest(`${[name, ...(issue?.path ?? [])].join('.')}: ${issue?.message}`);
}

/** Without the properties that were not given. */
function defined<Value extends object>(value: Value): { [Key in keyof Value]?: Exclude<Value[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as never;
}
