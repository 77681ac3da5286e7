import type { Check, Finding } from '../core/check.ts';
import { OpsError } from '../core/errors.ts';
import { canonicalJson, type Json, type JsonObject, sameJson } from '../core/json.ts';
import type { World } from '../ports/world.ts';

export type ConnectorAsPlannedArgs = {
  /** Name of the inbound connector. */
  readonly connector: string;
  /** The fields that matter and their values, in canonical form. */
  readonly expected: JsonObject;
};

type Judged = Pick<Finding, 'status' | 'fact' | 'remedy' | 'evidence'>;

export const connectorAsPlanned: Check<ConnectorAsPlannedArgs, World> = {
  name: 'connector-as-planned',
  title: 'The inbound connector is as planned',
  run: async (world, args, signal) => ({
    check: connectorAsPlanned.name,
    rule: `The inbound connector “${args.connector}” must be as it was set up.`,
    ...(await look(world, args, signal)),
  }),
};

async function look(
  { exchange }: World,
  { connector, expected }: ConnectorAsPlannedArgs,
  signal?: AbortSignal,
): Promise<Judged> {
  try {
    const found = await exchange.get('Get-InboundConnector', connector, signal);
    return found === null ? missing(connector) : compare(connector, expected, { ...found });
  } catch (error) {
    if (!(error instanceof OpsError)) throw error;
    const fact = `The connector could not be read: ${error.message}`;
    return { status: 'unknown', fact, remedy: error.next, evidence: { read: error.code } };
  }
}

function missing(connector: string): Judged {
  const fact = `There is no inbound connector “${connector}” in the tenant.`;
  const remedy =
    'A requester asks for the set-up again; until then nothing keeps mail from coming in past the gateway through this connector.';
  return { status: 'fail', fact, remedy, evidence: { found: false } };
}

function compare(connector: string, expected: JsonObject, found: JsonObject): Judged {
  const different = Object.keys(expected)
    .toSorted()
    .filter((field) => !sameJson(asSet(expected[field] ?? null), asSet(found[field] ?? null)));
  const evidence = {
    found: true,
    different: Object.fromEntries(different.map((field) => [field, found[field] ?? null])),
  };
  if (different.length === 0) {
    return { status: 'pass', fact: `“${connector}” shows every planned value.`, remedy: '', evidence };
  }
  const facts = different.map((field) => `${field} is ${shown(found[field])} and should be ${shown(expected[field])}`);
  const remedy =
    'An administrator of the tenant says who changed it; a requester asks for the set-up again to put it back.';
  return { status: 'fail', fact: `“${connector}” differs: ${facts.join('; ')}.`, remedy, evidence };
}

/** Lists of a connector are sets: their order means nothing. */
function asSet(value: Json): Json {
  return Array.isArray(value) ? value.map((item: Json) => canonicalJson(item)).toSorted() : value;
}

function shown(value: Json | undefined): string {
  if (Array.isArray(value)) return value.length > 0 ? value.join(', ') : 'empty';
  if (value === null || value === undefined || value === '') return 'empty';
  return typeof value === 'string' ? value : canonicalJson(value);
}
