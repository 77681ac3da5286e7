import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { checks } from '../../src/checks/index.ts';

it('registers every check once, sorted, under the name of its file', () => {
  const folder = fileURLToPath(new URL('../../src/checks', import.meta.url));
  const files = readdirSync(folder).filter((file) => file !== 'index.ts');

  expect(checks.map(({ name }) => `${name}.ts`)).toEqual(files.toSorted());
});
