import { describe, expect, it } from 'vitest';
import { runFunction } from '../../src/core/run.ts';
import { undoFunction } from '../../src/core/undo-again.ts';
import { draining } from '../../src/workflows/draining.ts';
import { workflows } from '../../src/workflows/index.ts';
import { courses, divergence, fileOf, keepHistory, record, recordedHistories } from '../support/histories.ts';
import { MemorySwitchyard } from '../support/memory-switchyard.ts';

// `UPDATE_HISTORIES=1` keeps what the present program stores. What an earlier one stored stays beside it and still has
// to replay: its runs may be open when the program is exchanged.
const isRecording = process.env['UPDATE_HISTORIES'] === '1';

const whatToDo = [
  'Open runs of this version would stop there for ever. Either the workflow changed, or an interpreter',
  '(src/core/run.ts, careful.ts, proof.ts, compensate.ts, undo-again.ts). Do one of these:',
  '- take the change back, or make it depend on what is stored, so that stored histories go the way they went;',
  '- raise `version` of the workflow, keep the old one as src/workflows/<name>-<version>.ts in draining.ts, and run',
  '  UPDATE_HISTORIES=1 vitest run --config test/vitest.config.ts test/core/histories.test.ts.',
  'A version that was never released has no open runs anywhere: its histories may be deleted and recorded anew.',
].join('\n');

const { runServices } = new MemorySwitchyard();
const functions = new Map(
  [...workflows, ...draining]
    .flatMap((one) => [runFunction(one, runServices), undoFunction(one, runServices)])
    .map((one) => [one.name, one]),
);
const recorded = recordedHistories();

describe('a stored history', () => {
  it.each([...recorded])('replays without divergence: %s', async (file, history) => {
    const durable = functions.get(history.function);
    if (!durable) throw new Error(`${file}: there is no function ${history.function} any more.\n${whatToDo}`);
    const strayed = await divergence(durable, history);
    if (strayed) throw new Error(`${history.function} diverges from ${file}: ${strayed}.\n${whatToDo}`);
  });

  it('that was tampered with is found to diverge', async () => {
    const history = recorded.get('lock-down-v1-proven.json');
    const durable = functions.get('lock-down@1');
    if (!history || !durable) throw new Error('the history of lock-down@1 is missing');
    const [first, second, ...rest] = history.steps;
    if (!first || !second) throw new Error('the history is empty');
    const swapped = { ...history, steps: [second, first, ...rest] };
    expect(await divergence(durable, swapped)).toContain('and the program now asks for “start”');
    expect(await divergence(durable, { ...history, steps: history.steps.slice(0, -1) })).toContain('“complete”');
    const longer = { ...history, steps: [...history.steps, first] };
    expect(await divergence(durable, longer)).toContain(`ends after step ${history.steps.length}`);
  });
});

describe('the present program', () => {
  it.each(courses.map((course) => [`${course.story}, ${course.name}`, course] as const))(
    'takes the steps that are stored of it: %s',
    async (_name, course) => {
      const now = await record(course);
      const file = fileOf(course, now);
      const before = recorded.get(file)?.steps.map(({ name }) => name);
      const names = now.steps.map(({ name }) => name);
      const isSame = JSON.stringify(before) === JSON.stringify(names);
      if (!isSame && isRecording) return keepHistory(file, now);
      if (!before) throw new Error(`No history ${file} is kept yet. Run this test with UPDATE_HISTORIES=1.`);
      expect(names, whatToDo).toEqual(before);
    },
  );

  it('knows a course for every workflow that changes a tenant', () => {
    const told = new Set<string>(courses.map(({ story }) => story));
    // The policy changes in our own database, in one write, and is told in its own tests.
    const changing = workflows.map(({ name }) => name).filter((name) => name !== 'change-approval-policy');
    expect(changing.filter((name) => !told.has(name))).toEqual([]);
  });
});
