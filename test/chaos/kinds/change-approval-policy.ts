import type { ProvisioningRequest } from '../../../src/core/request.ts';
import type { ChaosWorld } from '../chaos-world.ts';
import { oneStep } from './one-step.ts';
import type { StoryKind } from './story-kind.ts';

/** A field that decides nothing in these stories, and its values in turn: asking for the present one would do nothing. */
const field = 'decideWithinMinutes';
const values = [90, 120] as const;

interface Version {
  readonly number: number;
  readonly value: string;
  readonly by: string | null;
}

/** Every open plan is made again under the new policy, so nothing else may be open meanwhile. */
export const changeApprovalPolicy: StoryKind = {
  workflow: 'change-approval-policy',
  home: 'Switchyard itself',
  phrase: async (world) => {
    const present = (await versions(world)).at(-1)?.value;
    return `change policy ${field} to ${present === String(values[0]) ? values[1] : values[0]}`;
  },
  state: 'done',
  outcome: 'none',
  headline: '✓ Done',
  writes: [],
  notices: ['mail-ops ✓ Finished', 'personal:rita ✓ Finished'],
  audit: oneStep,
  held,
};

/** I2, I4: the policy moved by one version, in the name of this request, to what was asked for. */
async function held(world: ChaosWorld, { id, input }: ProvisioningRequest): Promise<string[]> {
  const all = await versions(world);
  const mine = all.filter(({ by }) => by === id);
  const isGapless = all.every(({ number }, index) => number === index + 1);
  const asPlanned = mine.length === 1 && mine[0] === all.at(-1) && mine[0]?.value === input['value'] && isGapless;
  return asPlanned ? [] : [`I4: the policy has the versions ${JSON.stringify(all.slice(-4))}`];
}

function versions(world: ChaosWorld): Promise<Version[]> {
  return world.rows<Version & { value: string }>(
    `select number, document ->> $1 as value, request_id as by from switchyard.approval_policies order by number`,
    [field],
  );
}
