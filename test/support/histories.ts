import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { DurableFunction } from '../../src/core/durable.ts';
import { RejectedError, TenantAccessError } from '../../src/core/errors.ts';
import type { Json, JsonObject } from '../../src/core/json.ts';
import { houseFor, type Story, sentences } from './memory-story.ts';
import type { MemorySwitchyard } from './memory-switchyard.ts';
import { ada, person, rita } from './people.ts';

const folder = new URL('../fixtures/histories/', import.meta.url);
const oskar = person('Oskar', '41', 'operator');
const detail = { operation: 'test', next: 'Look again.' };

/** What one run has stored, step by step, as a released program leaves it in its database. */
export interface History {
  /** Name and version of the durable function, e.g. `lock-down@1`. */
  readonly function: string;
  readonly runId: string;
  readonly input: JsonObject;
  readonly steps: readonly { readonly name: string; readonly result: Json }[];
}

/** One way a run can go. */
export interface Course {
  readonly name: string;
  readonly story: Story;
  /** Lets it come to that, before the approval. */
  readonly arrange: (house: MemorySwitchyard) => void;
  /** What a person does when nothing more happens by itself. */
  readonly afterwards?: (house: MemorySwitchyard) => Promise<unknown>;
  /** Whether the history is that of the undo that was tried again. */
  readonly ofUndo?: boolean;
}

const stories: readonly Story[] = ['set-up-gateway', 'lock-down', 'unlock'];

/** Each workflow as it succeeds, fails and is stopped; and everything else that makes a run take other steps. */
export const courses: readonly Course[] = [
  ...stories.flatMap((story): Course[] => [
    { name: 'proven', story, arrange: () => undefined },
    { name: 'refused by Exchange', story, arrange: (house) => refuse(house, 'Set-InboundConnector') },
    { name: 'stopped', story, arrange: (house) => whenWaiting(house, 1, () => house.click('stop', ada)) },
    { name: 'paused before its write', story, arrange: pauseAtWrite, afterwards: (house) => order(house, 'resume') },
    {
      name: 'paused during its proof',
      story,
      arrange: (house) => whenWaiting(house, 1, () => order(house, 'pause', false)),
      afterwards: (house) => order(house, 'resume'),
    },
    { name: 'paused by itself', story, arrange: loseConsent, afterwards: (house) => order(house, 'retry') },
  ]),
  {
    name: 'disproven',
    story: 'lock-down',
    arrange: (house) => {
      house.edge = 'always-open';
    },
  },
  { name: 'taken back', story: 'lock-down', arrange: silence },
  {
    name: 'held',
    story: 'lock-down',
    arrange: (house) => {
      silence(house);
      whenWaiting(house, 62, () => order(house, 'hold', false));
    },
  },
  {
    name: 'undone by an operator',
    story: 'set-up-gateway',
    ofUndo: true,
    arrange: (house) => {
      refuse(house, 'Set-InboundConnector');
      refuse(house, 'Remove-InboundConnector');
    },
    afterwards: (house) => order(house, 'retry'),
  },
];

function refuse(house: MemorySwitchyard, cmdlet: string): void {
  house.world.exchange.fail(cmdlet, new RejectedError('This value is not taken.', detail));
}

function loseConsent(house: MemorySwitchyard): void {
  const lost = new TenantAccessError('The consent was withdrawn.', { ...detail, reason: 'consent' });
  house.world.exchange.fail('Set-InboundConnector', lost);
}

function silence(house: MemorySwitchyard): void {
  house.edge = 'silent';
}

function pauseAtWrite(house: MemorySwitchyard): void {
  house.engine.onStep = async (name) => {
    if (!/^\d+ /.test(name)) return;
    house.engine.onStep = () => Promise.resolve();
    await order(house, 'pause', false);
  };
}

async function order(house: MemorySwitchyard, word: string, settles = true): Promise<void> {
  const { id } = await house.request();
  await house.say(`${word} ${id}`, word === 'hold' ? rita : oskar);
  if (settles) await house.settle();
}

/** Lets a person do something while the run waits for the n-th time. */
function whenWaiting(house: MemorySwitchyard, count: number, act: () => Promise<unknown>): void {
  let waits = 0;
  house.engine.onWait = async () => {
    waits += 1;
    if (waits !== count) return;
    await act();
    await house.post();
  };
}

/** Carries the course through with the present program and gives what its run has stored. */
export async function record({ story, arrange, afterwards, ofUndo = false }: Course): Promise<History> {
  const house = await houseFor(story);
  await house.say(sentences[story]);
  await house.settle();
  arrange(house);
  await house.click('approve', ada);
  await house.settle();
  await afterwards?.(house);
  const { id, workflow, version, planVersion, undoTries, state } = await house.request();
  if (state === 'running') throw new Error('The course does not come to its end.');
  const runId = ofUndo ? `${id}:undo:${undoTries}` : `${id}:run:${planVersion}`;
  const stored = house.engine.historyOf(runId);
  const steps = stored.map(({ name, result }) => ({ name, result: JSON.parse(result) as Json }));
  const called = `${ofUndo ? 'undo-' : ''}${workflow}@${version}`;
  return { function: called, runId, input: { requestId: id }, steps };
}

/** Name of the file a history is kept in. */
export function fileOf({ name }: Course, { function: called }: History): string {
  return `${called.replace('@', '-v')} ${name}.json`.replaceAll(' ', '-').toLowerCase();
}

/** Every history that was ever recorded, by the name of its file. */
export function recordedHistories(): ReadonlyMap<string, History> {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return new Map(files.map((file) => [file, JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as History]));
}

/** Keeps a history. One that was there before stays, under another name: runs of its kind may still be open. */
export function keepHistory(file: string, { steps, ...head }: History): void {
  mkdirSync(folder, { recursive: true });
  const place = new URL(file, folder);
  if (existsSync(place)) {
    const earlier = readdirSync(folder).filter((one) => one.startsWith(file.replace('.json', '-earlier-'))).length;
    const kept = file.replace('.json', `-earlier-${earlier + 1}.json`);
    writeFileSync(new URL(kept, folder), readFileSync(place));
  }
  const lines = steps.map((step) => `    ${JSON.stringify(step)}`).join(',\n');
  const { function: called, runId, input } = head;
  const top = `  "function": ${JSON.stringify(called)},\n  "runId": ${JSON.stringify(runId)},\n  "input": ${JSON.stringify(input)}`;
  writeFileSync(place, `{\n${top},\n  "steps": [\n${lines}\n  ]\n}\n`);
}

/**
 * Runs a function on a stored history, in which nothing is done again. Gives null when it asks for exactly the stored
 * steps, in order; otherwise where it does not.
 */
export async function divergence(durable: DurableFunction, { runId, input, steps }: History): Promise<string | null> {
  let position = 0;
  const { promise: strayed, resolve: stray } = Promise.withResolvers<string>();
  const stored = (name: string): Promise<Json> => {
    const step = steps[position];
    if (step?.name !== name) {
      const found = step ? `stored as “${step.name}”` : 'the end of what is stored';
      stray(`step ${position + 1} is ${found}, and the program now asks for “${name}”`);
      return new Promise(() => undefined);
    }
    position += 1;
    return Promise.resolve(structuredClone(step.result));
  };
  const ended = durable
    .run(
      {
        id: runId,
        step: async <Result extends Json>(name: string) => (await stored(name)) as Result,
        receive: (topic) => stored(`receive ${topic}`),
        stillOurs: () => Promise.resolve(),
      },
      input,
    )
    .then(() => (position < steps.length ? `the program ends after step ${position} of ${steps.length}` : null));
  return Promise.race([ended, strayed]);
}
