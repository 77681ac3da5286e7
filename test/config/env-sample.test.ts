import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { environmentVariables } from '../../src/config/env.ts';

const root = new URL('../../', import.meta.url);

describe('config/env', () => {
  it('is what .env.sample shows: names, usual values and meanings, in order', () => {
    const lines = readFileSync(new URL('.env.sample', root), 'utf8').split('\n');
    const shown = lines.flatMap((line, index) => {
      const [, name, usual] = /^([A-Z_]+)=(.*)$/u.exec(line) ?? [];
      return name === undefined ? [] : [{ name, usual, meaning: lines[index - 1]?.replace('# ', '') }];
    });
    expect(shown).toEqual(environmentVariables);
  });

  it('names every variable once', () => {
    const names = environmentVariables.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it.runIf(existsSync(new URL('README.md', root)))(
    'has the same names as the configuration table of the README',
    () => {
      const readme = readFileSync(new URL('README.md', root), 'utf8');
      const rows = [...readme.matchAll(/^\|\s*`([A-Z][A-Z_]+)`\s*\|/gmu)].map(([, name]) => name);
      expect(rows).toEqual(environmentVariables.map(({ name }) => name));
    },
  );
});
