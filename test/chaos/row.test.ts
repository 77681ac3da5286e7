import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { writeRows } from './report.ts';
import { Tally, tableOf } from './row.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

describe('chaos/row', () => {
  it('has the fault, its runs, the violations and the seconds, in the file of --json as in the table', () => {
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const began = performance.now();
    const now = vi.spyOn(performance, 'now').mockReturnValue(began);
    const tally = new Tally('connection cut');
    tally.ran(3);
    tally.found(['an effect was lost', 'an effect was doubled']);
    now.mockReturnValue(began + 12_340);
    const row = tally.row();
    const folder = mkdtempSync(join(tmpdir(), 'rows-'));
    writeRows(join(folder, 'rows.json'), [row]);
    const written: unknown = JSON.parse(readFileSync(join(folder, 'rows.json'), 'utf8'));
    rmSync(folder, { recursive: true });
    expect(written).toEqual([row]);
    expect(row).toMatchObject({ fault: 'connection cut', runs: 3, violations: 2, seconds: 12.3 });
    expect(tableOf([row]).split('\n')[0]).toMatch(/^fault +runs +violations +seconds/u);
    expect(tableOf([row]).split('\n')[2]).toMatch(/^connection cut +3 +2 +12\.3/u);
  });

  it('says of a fault that was broken off what is known and why it ended', () => {
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    new Tally('killed').ran(5);
    expect(Tally.partialRows()).toMatchObject([{ fault: 'killed, interrupted', runs: 5, violations: 0 }]);
    expect(Tally.brokenOff('the database went away')).toMatchObject([
      { fault: 'killed', runs: 5, violations: 1, details: ['the database went away'] },
    ]);
    expect(Tally.partialRows()).toEqual([]);
  });
});
