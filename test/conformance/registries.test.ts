import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checks } from '../../src/checks/index.ts';
import { actions } from '../../src/commands/actions/index.ts';
import { commands } from '../../src/commands/index.ts';
import { gateways } from '../../src/mail/gateways/index.ts';
import { steps } from '../../src/steps/index.ts';
import { workflows } from '../../src/workflows/index.ts';

const root = new URL('../../', import.meta.url);

/** Names of the files in a folder that define one thing of the folder's kind. */
function filesDefining(folder: string, kind: RegExp): string[] {
  return readdirSync(new URL(folder, root))
    .filter((file) => file.endsWith('.ts') && file !== 'index.ts')
    .filter((file) => kind.test(readFileSync(new URL(`${folder}/${file}`, root), 'utf8')))
    .map((file) => file.replace(/\.ts$/, ''))
    .toSorted();
}

function kebab(cmdlet: string): string {
  return cmdlet.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase();
}

const registries = [
  { folder: 'src/workflows', kind: /^export const \w+ = defineWorkflow/m, names: workflows.map(({ name }) => name) },
  {
    folder: 'src/steps',
    kind: /^export const \w+: Step</m,
    names: Object.values(steps).map(({ name }) => kebab(name)),
  },
  { folder: 'src/checks', kind: /^export const \w+: Check</m, names: checks.map(({ name }) => name) },
  { folder: 'src/commands', kind: /^export const \w+: Command =/m, names: commands.map(({ name }) => name) },
  {
    folder: 'src/commands/actions',
    kind: /^export const \w+(: Action)? = (requestAction|\{)/m,
    names: actions.map(({ verb }) => verb),
  },
  { folder: 'src/mail/gateways', kind: /^export const \w+ = defineGateway/m, names: gateways.map(({ key }) => key) },
] as const;

describe.each(registries)('registry of $folder', ({ folder, kind, names }) => {
  it('lists exactly the files of its folder, by the name of the file', () => {
    expect([...names].toSorted()).toEqual(filesDefining(folder, kind));
  });

  it('is sorted and without repetition', () => {
    expect(names).toEqual([...new Set(names)].toSorted());
  });
});

describe('verbs in card templates', () => {
  it('are all registered actions', () => {
    const cards = readdirSync(new URL('cards', root), { recursive: true, encoding: 'utf8' });
    const verbs = cards
      .filter((file) => file.endsWith('.json'))
      .flatMap((file) => [...readFileSync(new URL(`cards/${file}`, root), 'utf8').matchAll(/"verb": "([^"]+)"/g)])
      .map(([, verb]) => verb);
    expect(verbs.length).toBeGreaterThan(3);
    expect(new Set(actions.map(({ verb }) => verb))).toEqual(new Set(verbs));
  });
});
