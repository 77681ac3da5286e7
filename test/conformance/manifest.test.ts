import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { AnySchemaObject } from 'ajv';
import AjvDraft04 from 'ajv-draft-04';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/commands/index.ts';
import { workflows } from '../../src/workflows/index.ts';

interface Manifest {
  readonly version: string;
  readonly manifestVersion: string;
  readonly icons: { readonly color: string; readonly outline: string };
  readonly bots: readonly {
    readonly commandLists: readonly {
      readonly commands: readonly { readonly title: string; readonly description: string }[];
    }[];
  }[];
}

const require = createRequire(import.meta.url);
const folder = new URL('../../appPackage/', import.meta.url);
const text = readFileSync(new URL('manifest.json', folder), 'utf8');
const substitutes: Readonly<Record<string, string>> = {
  TEAMS_APP_ID: '3f1e9a52-6f0b-4c0e-9a3e-0d8f3c1b2a47',
  BOT_ID: '8a6d2c14-1b7e-4f5a-b2c9-7e4d3f2a1b06',
  PUBLISHER_URL: 'https://switchyard.example',
};
const filled = text.replace(/\$\{\{(\w+)\}\}/g, (all, name: string) => substitutes[name] ?? all);
const manifest = JSON.parse(filled) as Manifest;
const titles = manifest.bots.flatMap(({ commandLists }) =>
  commandLists.flatMap((list) => list.commands.map(({ title }) => title)),
);

function schemaFor(version: string): AnySchemaObject {
  const inside = `build/json-schemas/teams/v${version}/MicrosoftTeams.schema.json`;
  const at = join(dirname(require.resolve('@microsoft/app-manifest/package.json')), inside);
  return JSON.parse(readFileSync(at, 'utf8')) as AnySchemaObject;
}

/** Width, height and colour type from a PNG's header; type 6 is colour with transparency. */
function pngHeader(file: string): { width: number; height: number; type: number } {
  const bytes = readFileSync(new URL(file, folder));
  expect(bytes.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a');
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20), type: bytes.readUInt8(25) };
}

describe('appPackage', () => {
  it('matches the schema of the version it names, once its placeholders are filled', () => {
    expect(filled).not.toContain('${{');
    const matches = new AjvDraft04.default({ strict: false, allErrors: true, formats: { uri: true } }).compile(
      schemaFor(manifest.manifestVersion),
    );
    expect([matches(manifest), matches.errors]).toEqual([true, null]);
    expect(matches({ ...manifest, bots: [{ botId: 'x' }] })).toBe(false);
  });

  it('has the version of the package', () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as Manifest;
    expect(manifest.version).toBe(version);
  });

  it('offers every workflow and the commands asked most, as many as Teams shows, and nothing that does not exist', () => {
    const asked = workflows.map(({ phrases, name }) => (phrases[0] ?? name).replace(/ (for )?\{.*/, ''));
    const known = [...commands.map(({ name }) => name), ...asked];
    expect(known).toEqual(expect.arrayContaining(titles));
    expect(titles).toEqual(expect.arrayContaining(['help', 'status', 'pending', ...asked]));
    expect(titles.length).toBeLessThanOrEqual(12);
  });

  it('has icons of the sizes Teams asks for', () => {
    expect(pngHeader(manifest.icons.color)).toEqual({ width: 192, height: 192, type: 6 });
    expect(pngHeader(manifest.icons.outline)).toEqual({ width: 32, height: 32, type: 6 });
  });
});
