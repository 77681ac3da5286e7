import { setTimeout as pause } from 'node:timers/promises';
import { migrate } from '../../src/adapters/database/migrate.ts';
import { createPool } from '../../src/adapters/database/open-database.ts';
import { PostgresRequestStore } from '../../src/adapters/store/postgres-request-store.ts';
import { createGate } from '../../src/core/gate.ts';
import type { Actor } from '../../src/core/person.ts';
import { fixedPolicy } from '../../src/core/policy/policy-source.ts';
import type { ProvisioningRequest } from '../../src/core/request.ts';
import { testPolicy } from '../support/policy.ts';
import { auditOf, sampleRequest } from '../support/sample-request.ts';
import { silentLog } from '../support/silent-log.ts';
import { OwnServer } from './own-server.ts';
import { type Row, Tally } from './row.ts';

const people = 50;
const home = '0b0b0b0b-0000-4000-8000-000000000001';
const digest = 'a'.repeat(64);
const policy = testPolicy();

/** Fifty people decide on the same request in the same millisecond, half of them against it: one decision counts. */
export async function manyApprovers(rounds: number): Promise<Row> {
  const tally = new Tally(`${people} people decide at once, 2 pools (external)`);
  const server = await OwnServer.start();
  const pools = [1, 2].map(() => createPool(server.url, silentLog()));
  try {
    const [first] = pools;
    if (first) await migrate(first);
    const clock = { now: () => new Date(), until: (at: Date) => pause(Math.max(0, at.getTime() - Date.now())) };
    const sides = pools.map((pool) => {
      const store = new PostgresRequestStore(pool);
      return { store, gate: createGate(store, clock, fixedPolicy(policy)) };
    });
    for (let round = 0; round < rounds; round += 1) {
      tally.found(await decideAtOnce(sides));
      tally.ran();
    }
  } finally {
    await Promise.all(pools.map((pool) => pool.end()));
    await server.remove();
  }
  return tally.row();
}

interface Side {
  readonly store: PostgresRequestStore;
  readonly gate: ReturnType<typeof createGate>;
}

async function decideAtOnce(sides: readonly Side[]): Promise<string[]> {
  const [side] = sides;
  if (!side) return [];
  const request = waiting();
  await side.store.create(request, [], auditOf(request));
  const votes = Array.from({ length: people }, (_, index) => {
    const { gate } = sides[index % sides.length] ?? side;
    const type = index % 3 === 0 ? ('deny' as const) : ('approve' as const);
    return gate.submit(request.id, { type, actor: approver(index), digest, nonce: request.nonce });
  });
  const results = await Promise.all(votes);
  const counted = results.filter(({ kind }) => kind === 'moved').length;
  const stored = await side.store.get(request.id);
  const decided = stored?.decisions.length;
  return counted === 1 && decided === 1
    ? []
    : [`${request.id}: ${counted} people were told yes, ${decided} are stored`];
}

function approver(index: number): Actor {
  const objectId = `11111111-0000-4000-8000-${String(index + 100).padStart(12, '0')}`;
  return {
    tenantId: home,
    objectId,
    name: `Approver ${index}`,
    roles: ['approver'],
    rings: ['approvers'],
    isGuest: false,
    freshSignInAt: null,
  };
}

/** A request that waits for its decision; only the digest of its plan matters here. */
function waiting(): ProvisioningRequest {
  const request = sampleRequest();
  const plan = {
    digest,
    risk: 'normal',
    policy: policy.version,
    changes: [],
    guards: [],
    title: request.title,
    tenant: request.tenant,
  };
  const body = { ...request, state: 'awaiting-approval', plan, planVersion: 1, decideBy: inAnHour() };
  return JSON.parse(JSON.stringify(body)) as ProvisioningRequest;
}

function inAnHour(): string {
  return new Date(Date.now() + 3_600_000).toISOString();
}
