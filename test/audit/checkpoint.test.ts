import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { checkpointNote, readCheckpoints, readVerifierKey, verifierKeyLine } from '../../src/core/audit/checkpoint.ts';

const origin = 'switchyard/7f0c9a50-0000-4000-8000-000000000001';
const { privateKey } = generateKeyPairSync('ed25519');
const key = readVerifierKey(verifierKeyLine(origin, createPublicKey(privateKey)));
const first = { origin, size: 7, root: 'ab'.repeat(32) };
const second = { origin, size: 1000, root: '0f'.repeat(32) };

describe('checkpoints', () => {
  it('are three lines, an empty one and a signature', () => {
    const lines = checkpointNote(first, privateKey).split('\n');
    expect(lines.slice(0, 4)).toEqual([origin, '7', Buffer.from(first.root, 'hex').toString('base64'), '']);
    expect(lines[4]).toMatch(/^— switchyard\/\S+ [A-Za-z0-9+/]{91}=$/u);
    expect(lines.slice(5)).toEqual(['']);
  });

  it('are read back one after another, also with the signature of a witness beside ours', () => {
    const witnessed = `${checkpointNote(second, privateKey)}— witness.example AAAAAAAA\n`;
    const text = `${checkpointNote(first, privateKey)}\n${witnessed}\n`;
    expect(readCheckpoints(text, key)).toMatchObject([first, second]);
    expect(readCheckpoints('', key)).toEqual([]);
  });

  it.each([
    ['another size', (note: string) => note.replace('\n7\n', '\n8\n')],
    ['another root', (note: string) => note.replace(/\n[A-Za-z0-9+/]{43}=\n/u, `\n${'A'.repeat(43)}=\n`)],
    ['no signature', (note: string) => `${note.split('\n\n')[0]}\n`],
    ['half of it', (note: string) => note.slice(0, 90)],
    ['words around it', (note: string) => `trust me\n${note}`],
  ])('with %s are refused', (_, change) => {
    expect(() => readCheckpoints(change(checkpointNote(first, privateKey)), key)).toThrow('valid signature');
  });

  it('of another key or another trail are refused', () => {
    const other = generateKeyPairSync('ed25519').privateKey;
    expect(() => readCheckpoints(checkpointNote(first, other), key)).toThrow('valid signature');
    const foreign = { ...first, origin: 'switchyard/other' };
    expect(() => readCheckpoints(checkpointNote(foreign, privateKey), key)).toThrow('valid signature');
  });

  it('are checked with keys whose line is whole', () => {
    const line = verifierKeyLine(origin, createPublicKey(privateKey));
    for (const wrong of ['', 'x', line.slice(0, -4), line.replace('switchyard', 'somebody')]) {
      expect(() => readVerifierKey(wrong)).toThrow('not a verifier key');
    }
  });
});
