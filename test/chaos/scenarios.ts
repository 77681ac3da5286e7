import { cutConnections, killServer, stopServer } from './database-faults.ts';
import { freezeBeforeLock, freezeOneOfTwo } from './frozen-process.ts';
import { killEverywhere, killInPairs } from './kills.ts';
import type { KindName } from './kinds/index.ts';
import { manyApprovers } from './many-approvers.ts';
import type { Row } from './row.ts';
import { stopUnderLoad } from './stop-under-load.ts';

/** How much is done. */
export interface ScenarioOptions {
  readonly short: boolean;
  /** Worlds that work side by side, where a fault allows it. */
  readonly lanes: number;
  /** What people want while the bot is killed. */
  readonly kinds: readonly KindName[];
}

type Scenario = (options: ScenarioOptions) => Promise<Row>;

/** Every fault by the name that `--only` takes. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  approvers: ({ short }) => manyApprovers(short ? 20 : 1000),
  kills: ({ short, lanes, kinds }) =>
    killEverywhere({ database: 'embedded', lanes, kinds, ...(short ? { pointsPerKind: 1 } : {}) }),
  'kills-external': ({ short, lanes, kinds }) =>
    killEverywhere({ database: 'external', lanes, kinds, pointsPerKind: short ? 1 : 40 }),
  pairs: ({ short, lanes }) => killInPairs({ database: 'external', lanes, seeds: short ? 3 : 120 }),
  stop: ({ short }) => stopUnderLoad(short ? 1 : 20),
  'cut-embedded': ({ short }) => cutConnections('embedded', short ? 4 : 60),
  'cut-external': ({ short }) => cutConnections('external', short ? 4 : 60),
  'database-killed': ({ short }) => killServer(short ? 4 : 60),
  'database-away': ({ short }) => stopServer(short ? 5 : 60),
  frozen: ({ short }) => freezeOneOfTwo(short ? 1 : 4),
  'frozen-lock': ({ short }) => freezeBeforeLock(short ? 1 : 3),
};
