import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

const notOurs = new Set(['.git', '.switchyard', 'coverage', 'node_modules', 'output']);

/** Every file of the project, relative to its root; what tools leave behind is not one. */
function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) return notOurs.has(entry.name) ? [] : filesBelow(path);
    return entry.name.endsWith('.log') || entry.name === '.env' ? [] : [path];
  });
}

const files = filesBelow('.');
const sources = files.filter((file) =>
  /\.(?:[cm]?[jt]s|css|html|json|md|ya?ml|sample)$|Dockerfile$|^\.ci\//u.test(file),
);

const topLevel = [
  'ARCHITECTURE.md',
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'appPackage',
  'cards',
  'infra',
  'm365agents.yml',
  'package-lock.json',
  'package.json',
  'src',
  'test',
  'tsconfig.json',
];

const generated = /^test\/fixtures\/|^package-lock\.json$|host-config-\w+\.json$/u;

function textOf(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

function linesIn(file: string): number {
  return textOf(file).trimEnd().split('\n').length;
}

describe('tree', () => {
  it('has nothing at the top but what belongs there', () => {
    const top = new Set(files.map((file) => file.split('/')[0] ?? ''));
    expect([...top].filter((name) => !name.startsWith('.')).toSorted()).toEqual(topLevel);
  });

  it('has no program file of more than 300 lines', () => {
    const long = files.filter((file) => /^src\/.*\.[jt]s$/u.test(file) && linesIn(file) > 300);
    expect(long).toEqual([]);
  });

  it('names files in kebab-case', () => {
    const usual = /^(?:[a-z0-9-]+\.)+[a-z0-9]+$|^Dockerfile$/u;
    const wrong = files
      .filter((file) => /^(?:src|test|cards|infra)\//u.test(file))
      .filter((file) => !usual.test(file.split('/').at(-1) ?? ''));
    expect(wrong).toEqual([]);
  });

  it('mentions no place outside the repository and leaves nothing undone', () => {
    const outside = new RegExp(
      ['/wo' + 'rk/', '\\bsha' + 'red/reference', '\\bTO' + 'DO\\b', '\\bFIX' + 'ME\\b'].join('|'),
      'u',
    );
    const wrong = sources.filter((file) => !generated.test(file) && outside.test(textOf(file)));
    expect(wrong).toEqual([]);
  });

  it('keeps registry addresses out of the lockfile', () => {
    const { packages } = JSON.parse(textOf('package-lock.json')) as { packages: Record<string, { resolved?: string }> };
    const addressed = Object.entries(packages).filter(([, { resolved }]) => resolved !== undefined);
    expect(addressed).toEqual([]);
  });
});
