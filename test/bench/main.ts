import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { startBenchWorld } from './bench-world.ts';
import { Figures } from './figures.ts';
import { measureLoad } from './load.ts';
import { measureStarting } from './starting.ts';
import { measureTenantReads } from './tenant-reads.ts';
import { measureWaitingRequests } from './waiting-requests.ts';
import { measureWallTime } from './wall-time.ts';
import { measureExchangeCalls } from './workflow-costs.ts';

const { values } = parseArgs({
  options: {
    /** Writes the figures there as one flat JSON object. */
    json: { type: 'string' },
    /** Fewer and shorter rounds. */
    short: { type: 'boolean', default: false },
    /** Only the named parts: starting, waiting, reads, workflows, load. */
    only: { type: 'string', multiple: true },
    /** Folder for CPU profiles of the bot. */
    profile: { type: 'string' },
  },
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const wanted = (part: string): boolean => values.only?.includes(part) ?? true;
const figures = new Figures();
const began = performance.now();
const [busy = 0] = loadavg();
figures.note(
  `Machine: ${availableParallelism()} cores, load average ${busy.toFixed(1)} before the bench began; above 0.5 the times say little, the ratios still something.`,
);

if (wanted('starting')) await figures.part('starting', () => measureStarting(figures, values.short));
if (wanted('waiting')) await figures.part('waiting requests', () => measureWaitingRequests(figures));
if (wanted('reads') || wanted('workflows') || wanted('load')) {
  await figures.part('everything that needs the running bot', async () => {
    const profiling = values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`];
    await using world = await startBenchWorld(profiling);
    if (wanted('reads')) {
      await figures.part('reads of a tenant', () => measureTenantReads(figures, world, values.short ? 1 : 5));
    }
    if (wanted('workflows')) {
      await figures.part('calls to Exchange', () => measureExchangeCalls(figures, world));
      await figures.part('wall time', () => measureWallTime(figures, world, values.short ? 1 : 5));
    }
    if (wanted('load')) await measureLoad(figures, world, values.short);
  });
}
figures.set('bench_seconds', (performance.now() - began) / 1000);
process.stdout.write(figures.table());
if (values.json !== undefined) await figures.write(values.json);
if (figures.incomplete) process.exitCode = 1;
