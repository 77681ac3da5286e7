import { readdirSync, readFileSync } from 'node:fs';
import { jsonAnswer, type Play, rawAnswer } from './scripted-https.ts';

const folder = new URL('../fixtures/exchange/', import.meta.url);

type Row = Readonly<Record<string, unknown>>;

/** An answer of the real service as somebody published it: names and shapes are theirs, values and words are ours. */
export interface Capture {
  /** Repository and path, or where else it was published. */
  readonly source: string;
  readonly cmdlet: string;
  /** Of objects: whether they have every property that was on the wire. */
  readonly isWhole?: boolean;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Either as it was, or in words what it was: zero bytes, or text that is no JSON. */
  readonly body: { readonly nulBytes?: number; readonly text?: string; readonly value?: readonly Row[] };
}

export function captureNames(): string[] {
  return readdirSync(folder).map((file) => file.replace(/\.json$/u, ''));
}

export function capture(name: string): Capture {
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as Capture;
}

/** Plays it; `{server}` in it becomes the address of the server that plays it. */
export function replay(name: string, server = ''): Play {
  const { status, headers = {}, body } = capture(name);
  if (body.text !== undefined) return rawAnswer(status, body.text, headers);
  if (body.nulBytes !== undefined) return rawAnswer(status, Buffer.alloc(body.nulBytes), headers);
  return jsonAnswer(status, JSON.parse(JSON.stringify(body).replaceAll('{server}', server)), headers);
}
