import { RejectedError, TenantAccessError } from '../../src/core/errors.ts';
import type { ProvisioningRequest } from '../../src/core/request.ts';
import type { Edge } from './answer-of-edge.ts';
import type { MemorySwitchyard } from './memory-switchyard.ts';
import { person, rita } from './people.ts';
import { whenOnRecord } from './when-on-record.ts';

const oskar = person('Oskar', '41', 'operator');
const setUp = 'set up gateway exchangedefender for contoso.com';
const detail = { operation: 'test', next: 'Look again.' };
const lost = new TenantAccessError('The consent was withdrawn.', { ...detail, reason: 'consent' });

/** A story in which the process may be killed anywhere, any number of times. */
export interface CrashStory {
  readonly name: string;
  readonly sentence: string;
  /** Earlier requests, carried through without a crash. */
  readonly before: readonly string[];
  readonly edge: Edge;
  readonly state: 'done' | 'undone';
  /** Cmdlets that take effect, in order. */
  readonly effects: readonly string[];
  /** What is arranged before it begins: it outlives the process. */
  arrange?(house: MemorySwitchyard): void;
  /** What a person does who looks at the card; true when they did something. Called again after each restart. */
  attend?(house: MemorySwitchyard, request: ProvisioningRequest): Promise<boolean>;
}

async function type(house: MemorySwitchyard, word: string, actor = oskar): Promise<boolean> {
  await house.say(`${word} ${(await house.request()).id}`, actor);
  return true;
}

/** Whether somebody has done this already, as far as it was stored. */
function wasDone(house: MemorySwitchyard, action: string): boolean {
  return house.store.audit.some((entry) => entry.action === action && entry.actor !== null);
}

/** Lets product time jump over looks that are all alike. */
function jump({ world }: MemorySwitchyard, to: string | undefined, secondsBefore: number): void {
  const seconds = (Date.parse(to ?? '') - world.clock.now().getTime()) / 1000 - secondsBefore;
  if (seconds > 0) world.clock.advance(seconds);
}

/** Passes over the looks of a long proof that are all alike. */
export function passOver(house: MemorySwitchyard): void {
  house.engine.onWait = async () => hurry(house, await house.request());
}

function hurry(house: MemorySwitchyard, { proofs, takeBack }: ProvisioningRequest): void {
  const [proof] = proofs;
  if (proof?.status === 'proving' && proof.attempts >= 2) jump(house, proof.deadline, 90);
  if (takeBack && !takeBack.hold && proof?.attempts !== undefined) jump(house, takeBack.at, 90);
  if (takeBack?.hold) jump(house, takeBack.hold.until, 1000);
}

const lockDown = { sentence: 'lock down contoso.com', before: [setUp] };

/** Runs that stand still, that are held, and whose undo is tried again. */
export const crashStories: readonly CrashStory[] = [
  {
    name: 'a set-up paused before a write',
    sentence: setUp,
    before: [],
    edge: 'obeys',
    state: 'done',
    effects: ['New-InboundConnector', 'Set-InboundConnector'],
    arrange: (house) => {
      house.engine.onStep = async (name) => {
        if (name === '1 Set-InboundConnector' && !wasDone(house, 'pause')) await type(house, 'pause');
      };
    },
    attend: async (house, { pause }) => pause?.since != null && type(house, 'resume'),
  },
  {
    name: 'a set-up paused in the middle of a write',
    sentence: setUp,
    before: [],
    edge: 'obeys',
    state: 'done',
    effects: ['New-InboundConnector', 'Set-InboundConnector'],
    arrange: (house) => whenOnRecord(house, 'step-running', 1, () => type(house, 'pause')),
    attend: async (house, { pause }) => pause?.since != null && type(house, 'resume'),
  },
  {
    name: 'a lock-down paused during its proof',
    ...lockDown,
    edge: 'obeys',
    state: 'done',
    effects: ['Set-InboundConnector'],
    arrange: (house) => {
      house.engine.onWait = async () => {
        if (wasDone(house, 'pause')) return;
        await type(house, 'pause');
        await house.post();
      };
    },
    attend: async (house, { pause }) => pause?.since != null && type(house, 'resume'),
  },
  {
    name: 'a set-up that waits and is tried again',
    sentence: setUp,
    before: [],
    edge: 'obeys',
    state: 'done',
    effects: ['New-InboundConnector', 'Set-InboundConnector'],
    arrange: (house) => house.world.exchange.fail('Set-InboundConnector', lost, { times: 9999 }),
    attend: async (house, { pause }) => {
      if (pause?.code !== 'tenant-access') return false;
      house.world.exchange.heal();
      return type(house, 'retry');
    },
  },
  {
    name: 'a set-up that waits and is stopped',
    sentence: setUp,
    before: [],
    edge: 'obeys',
    state: 'undone',
    effects: ['New-InboundConnector', 'Remove-InboundConnector'],
    arrange: (house) => house.world.exchange.fail('Set-InboundConnector', lost, { times: 9999 }),
    attend: async (house, { pause }) => pause?.code === 'tenant-access' && type(house, 'cancel', rita),
  },
  {
    name: 'a lock-down that is not proven',
    ...lockDown,
    edge: 'silent',
    state: 'undone',
    effects: ['Set-InboundConnector', 'Set-InboundConnector'],
    arrange: passOver,
  },
  {
    name: 'a lock-down that is held',
    ...lockDown,
    edge: 'silent',
    state: 'done',
    effects: ['Set-InboundConnector'],
    arrange: (house) => {
      house.engine.onWait = async () => {
        const request = await house.request();
        if (request.takeBack && !request.takeBack.hold && request.takeBack.proof === 0) {
          await type(house, 'hold', rita);
          await house.post();
        }
        hurry(house, await house.request());
        // The second proof comes at once.
        if (request.proofs[1]) house.edge = 'obeys';
      };
    },
  },
  {
    name: 'an undo that is tried again',
    sentence: setUp,
    before: [],
    edge: 'obeys',
    state: 'undone',
    effects: ['New-InboundConnector', 'Remove-InboundConnector'],
    arrange: ({ world }) => {
      world.exchange.fail('Set-InboundConnector', new RejectedError('no', detail), { times: 9999 });
      world.exchange.fail('Remove-InboundConnector', lost, { times: 9999 });
    },
    attend: async (house, { state }) => {
      if (state !== 'undo-failed') return false;
      house.world.exchange.heal();
      return type(house, 'retry');
    },
  },
];
