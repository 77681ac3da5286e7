import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/commands/index.ts';
import { environmentVariables } from '../../src/config/env.ts';
import { workflows } from '../../src/workflows/index.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

const decisions = readdirSync(join(root, 'src/decisions')).map((file) => `src/decisions/${file}`);
const documents = ['README.md', 'ARCHITECTURE.md', 'CHANGELOG.md', ...decisions];

function textOf(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

/** The cells of every table row below a heading, without the code marks. */
function tableRows(file: string, heading: string): string[][] {
  const [, section = ''] = textOf(file).split(`\n${heading}\n`);
  const [own = ''] = section.split(/\n#+ /u);
  const rows = own.split('\n').filter((line) => /^\|(?! *-)/u.test(line));
  return rows.slice(1).map((row) =>
    row
      .split(/(?<!\\)\|/u)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

function codeIn(cell = ''): string[] {
  return [...cell.matchAll(/`([^`]+)`/gu)].map(([, code]) => code ?? '');
}

describe.each(documents)('%s', (file) => {
  it('links only to what exists', () => {
    const links = [...textOf(file).matchAll(/\]\(([^)#\s]+)[^)]*\)/gu)].map(([, target]) => target ?? '');
    const relative = links.filter((target) => !/^[a-z]+:/u.test(target));
    expect(relative.filter((target) => !existsSync(join(root, dirname(file), target)))).toEqual([]);
  });

  it('names only files that exist, where it names them as they are', () => {
    const [described = ''] = textOf(file).split('\n## Adding things');
    const named = codeIn(described).filter((code) => /^(?:src|test|cards|infra)\/[\w./-]+\.\w+$/u.test(code));
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

describe('README.md', () => {
  it('has the configuration as the program reads it', () => {
    const shown = tableRows('README.md', '## Configuration').map(([name, usual, meaning]) => ({
      name: codeIn(name)[0],
      usual: codeIn(usual)[0] ?? '',
      meaning,
    }));
    expect(shown).toEqual(environmentVariables);
  });

  it('lists every question and every workflow, and no other', () => {
    const phrases = tableRows('README.md', '## What can be said').map(([phrase]) => codeIn(phrase)[0] ?? '');
    const known = [
      ...workflows.map(({ phrases: [first = ''] }) => first.replaceAll('{', '<').replaceAll('}', '>')),
      ...commands.map(({ phrase }) => phrase),
    ];
    // The headings of the further tables are rows of the section too; they hold no code.
    expect(phrases.filter((phrase) => phrase !== '').toSorted()).toEqual(known.toSorted());
  });

  it('has an entry for every endpoint of the control API', () => {
    const shown = tableRows('README.md', '### Control API').map(([endpoint]) => codeIn(endpoint)[0] ?? '');
    expect(shown.toSorted()).toEqual(controlEndpoints().toSorted());
  });

  it('shows requests to the control API in valid JSON', () => {
    const bodies = tableRows('README.md', '### Control API').flatMap(([, example]) => codeIn(example));
    const broken = bodies.filter((body) => body.startsWith('{') && !isJson(body));
    expect(broken).toEqual([]);
  });
});

describe('ARCHITECTURE.md', () => {
  it('has the import table that the layer test enforces', () => {
    const shown = tableRows('ARCHITECTURE.md', '## Who may import whom').map(([folder, allowed]) => [
      codeIn(folder)[0],
      codeIn(allowed),
    ]);
    expect(shown).toEqual(enforcedImports());
  });

  it('lists every folder of src', () => {
    const listed = tableRows('ARCHITECTURE.md', '## Folders, in the order of the flow').map(
      ([name]) => codeIn(name)[0],
    );
    const entries = readdirSync(join(root, 'src')).map((name) => `src/${name}`);
    expect(new Set(listed)).toEqual(new Set(entries));
  });

  it('draws every state that a request can be in', () => {
    const [, union = ''] = /export type RequestState =([^;]+);/u.exec(textOf('src/core/request.ts')) ?? [];
    const states = [...union.matchAll(/'([a-z-]+)'/gu)].map(([, state]) => state ?? '');
    const [, diagram = ''] = /```mermaid\nstateDiagram-v2\n([\s\S]+?)```/u.exec(textOf('ARCHITECTURE.md')) ?? [];
    const drawn = new Set(
      [...diagram.matchAll(/[a-z]+(?:_[a-z]+)*(?= -->)/gu)].map(([name]) => name.replaceAll('_', '-')),
    );
    expect([...drawn].toSorted()).toEqual(states.toSorted());
  });

  it('quotes the program as it is', () => {
    const quotes = [...textOf('ARCHITECTURE.md').matchAll(/```ts\n\/\/ from (\S+)\n([\s\S]+?)```/gu)];
    expect(quotes.length).toBeGreaterThan(0);
    for (const [, file = '', code = ''] of quotes) expect(flushLeft(textOf(file))).toContain(flushLeft(code));
  });
});

function flushLeft(code: string): string {
  return code.replaceAll(/^ +/gmu, '');
}

/** Method and path of every route below /control, taken from the program's text. */
function controlEndpoints(): string[] {
  const files = readdirSync(join(root, 'src/rehearsal'), { recursive: true, encoding: 'utf8' });
  const text = files
    .filter((file) => file.endsWith('.ts'))
    .map((file) => textOf(`src/rehearsal/${file}`))
    .join('\n');
  const written = text.matchAll(/method: '([A-Z]+)',\s+path: '(\/control\/[^']+)'/gu);
  const short = text.matchAll(/route\('([A-Z]+)', '([^']+)'/gu);
  return [
    ...[...written].map(([, method, path]) => `${method} ${path}`),
    ...[...short].map(([, method, path]) => `${method} /control/${path}`),
  ];
}

function enforcedImports(): (string | string[])[][] {
  const [, table = ''] = /const mayImport[^{]+\{([\s\S]+?)\n\};/u.exec(textOf('test/conformance/layers.test.ts')) ?? [];
  return [...table.matchAll(/(\w+): \[([^\]]*)\]/gu)].map(([, folder = '', allowed = '']) => [
    folder,
    [...allowed.matchAll(/'(\w+)'/gu)].map(([, name]) => name ?? ''),
  ]);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text.replaceAll('"…"', '"x"'));
    return true;
  } catch {
    return false;
  }
}
