import type { BenchWorld } from './bench-world.ts';
import { roundsNeeded, sequentialRounds } from './call-rounds.ts';
import type { Figures } from './figures.ts';
import { mean, median } from './percentile.ts';
import { openRunJournal, type RunJournal } from './run-journal.ts';
import { carryOut } from './story.ts';

const CONTOSO = 'c0000000-0000-4000-8000-000000000001';
/** Milliseconds by which each call to Exchange is slowed: a quick answer, and one that is nearer to what people see. */
const DELAYS = [200, 1000] as const;
/** How long a run may take at most, as a multiple of its critical path. */
const HIGHEST_RATIO = 1.15;

/** One run, measured from the approving click until it has stored that its last write reads back. */
interface Course {
  readonly wall: number;
  readonly criticalPath: number;
  readonly rounds: number;
  readonly needed: number;
}

/**
 * How long each workflow takes after the approving click, against its critical path. The critical path of a run is one
 * round of reads, with the guards' questions to the directory, DNS and SMTP beside it, and then for each write the write and one read-back:
 * 1 + 2 x writes calls that cannot but follow each other. What a proof waits for is outside of it, and of the wall time.
 */
export async function measureWallTime(figures: Figures, world: BenchWorld, rounds: number): Promise<void> {
  const { rehearsal } = world;
  const journal = await openRunJournal(world.folder);
  // Settling takes minutes there; waiting for it is not what is measured.
  await rehearsal.control('clock', { speed: 60 });
  for (const delay of DELAYS) {
    const courses = new Map<string, Course[]>();
    const measure = async (workflow: string, text: string, tenant: string): Promise<void> => {
      const measured = courses.get(workflow) ?? [];
      courses.set(workflow, [...measured, await slowCourse(world, journal, { workflow, text, tenant, delay })]);
    };
    for (let round = 1; round <= rounds; round += 1) {
      const name = `bench${delay}x${round}`;
      const { id } = (await rehearsal.control('tenants', { name, domains: [`${name}.example`] })) as { id: string };
      await measure('set-up-gateway', `set up gateway exchangedefender for ${name}.example`, id);
      await measure('lock-down', 'lock down contoso.com', CONTOSO);
      await measure('unlock', 'unlock contoso.com', CONTOSO);
    }
    for (const [workflow, measured] of courses) report(figures, workflow, delay, measured);
  }
  await rehearsal.control('clock', { speed: 10 });
  await journal.close();
  figures.note(
    'wall: from the approving click until the run has stored that its last write reads back, each call to Exchange slowed by 200 or 1000 ms; median. critical_path: 1 + 2 x writes rounds (one of reads, beside it the directory, DNS and SMTP questions of the guards; then each write and its read-back) at what a call really took on the wire. own: the difference, which does not depend on how long calls take. rounds: how many calls one after the other it took. Settling of proofs is in neither.',
  );
}

async function slowCourse(
  { rehearsal, tap }: BenchWorld,
  journal: RunJournal,
  asked: { readonly workflow: string; readonly text: string; readonly tenant: string; readonly delay: number },
): Promise<Course> {
  const { workflow, text, tenant, delay } = asked;
  await rehearsal.control('faults', { where: 'exchange', kind: 'slow', delayMs: delay, times: null });
  const { approvedAt } = await carryOut(rehearsal, text);
  await fetch(`${rehearsal.url}/control/faults`, { method: 'DELETE' });
  const endedAt = await journal.lastWriteReadBack(workflow);
  const calls = tap.callsSince(approvedAt, tenant).filter((call) => call.startedAt < endedAt);
  const needed = roundsNeeded(calls);
  const call = mean(calls.map(({ startedAt, endedAt: until }) => until - startedAt));
  return { wall: endedAt - approvedAt, criticalPath: needed * call, rounds: sequentialRounds(calls), needed };
}

function report(figures: Figures, workflow: string, delay: number, courses: readonly Course[]): void {
  const name = `${workflow.replaceAll('-', '_')}_${delay}ms`;
  const set = (figure: string, of: (course: Course) => number): void =>
    figures.set(`${name}_${figure}`, median(courses.map(of)));
  set('wall_ms', ({ wall }) => wall);
  set('critical_path_ms', ({ criticalPath }) => criticalPath);
  set('own_ms', ({ wall, criticalPath }) => wall - criticalPath);
  const ratio = median(courses.map(({ wall, criticalPath }) => wall / criticalPath));
  figures.set(`${name}_ratio`, ratio);
  if (ratio > HIGHEST_RATIO) figures.note(`OVER THE BAR: ${name}_ratio is to be ${HIGHEST_RATIO} at most.`);
  set('rounds', ({ rounds }) => rounds);
  set('rounds_needed', ({ needed }) => needed);
}
