import type { ChaosWorld } from './chaos-world.ts';
import { check, type Findings } from './invariants.ts';
import { checkConnected, connect } from './kinds/connect.ts';
import { type KindName, storyKinds } from './kinds/index.ts';
import { live } from './story.ts';

/** A story of any kind that was lived to its end. */
export interface Lived {
  /** Under which its failpoints are logged. */
  readonly id: string;
  check(): Promise<Findings>;
}

interface AnyWish {
  readonly kind: KindName;
  readonly tenant: string;
  readonly approver: 'ada' | 'ben';
}

export async function liveAny(world: ChaosWorld, { kind, tenant, approver }: AnyWish): Promise<Lived> {
  if (kind === 'connect') {
    const id = await connect(world, tenant);
    return { id, check: () => checkConnected(world, tenant, id) };
  }
  const story = await live(world, { kind, tenant, approver });
  return { id: story.requestId, check: () => check(world, story) };
}

/** What the bot is told of a story that is to be hit. */
export async function targetOf(world: ChaosWorld, kind: KindName, tenant: string) {
  if (kind !== 'connect') {
    const { workflow, home } = storyKinds[kind];
    return { workflow, tenant: home ?? tenant };
  }
  const { id } = await world.control<{ id: string }>(`tenants/${tenant}`);
  return { workflow: kind, tenant: id };
}
