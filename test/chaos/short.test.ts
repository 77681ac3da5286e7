import { describe, expect, it, vi } from 'vitest';
import { cutConnections } from './database-faults.ts';
import { killEverywhere } from './kills.ts';
import { manyApprovers } from './many-approvers.ts';

vi.setConfig({ testTimeout: 300_000 });

// The short form of what `npm run chaos` does for hours: enough to notice that it no longer works.
describe('a bot', () => {
  it('that is killed at a failpoint of each workflow loses nothing and does nothing twice', async () => {
    const { runs, details } = await killEverywhere({ database: 'embedded', lanes: 1, pointsPerKind: 1 });
    expect(details).toEqual([]);
    expect(runs).toBeGreaterThanOrEqual(2);
  });

  it('whose database connections are cut all the time loses nothing and does nothing twice', async () => {
    const { runs, details } = await cutConnections('external', 2);
    expect(details).toEqual([]);
    expect(runs).toBeGreaterThanOrEqual(2);
  });

  it('lets one of fifty simultaneous decisions count', async () => {
    expect(await manyApprovers(5)).toMatchObject({ runs: 5, violations: 0 });
  });
});
