import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { SWITCHES } from '../../../src/rehearsal/exchange/switches.ts';
import { usualSwitches } from '../../../src/rehearsal/mail-flow/flow-switches.ts';

const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');

it('README.md lists every switch of an organisation with its usual side, its evidence and its meaning', () => {
  const [, section = ''] = readme.split('### How faithful is the rehearsal?');
  const rows = section.split('\n').filter((line) => line.startsWith('| `') && line.split('|').length === 6);
  const shown = rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  const expected = Object.entries(SWITCHES).map(([name, { usual, evidence, meaning }]) => [
    `\`${name}\``,
    String(usual),
    evidence,
    meaning,
  ]);
  expect(shown).toEqual(expected);
});

it('README.md names every open question of mail flow', () => {
  for (const name of Object.keys(usualSwitches)) expect(readme).toContain(`\`${name}\``);
});
