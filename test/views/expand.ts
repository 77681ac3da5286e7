import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Card } from '../../src/core/card.ts';

interface TemplateEngine {
  readonly Template: new (json: unknown) => { expand(context: { $root: unknown }): unknown };
}

// Its type declarations lead the compiler into sources that do not compile here.
const require = createRequire(import.meta.url);
const { Template } = require('adaptivecards-templating') as TemplateEngine;

const folder = new URL('../../cards/', import.meta.url);

/** A card after expansion, loosely: tests look into it by path. */
export type CardNode = { readonly [key: string]: unknown };

export const templateNames = readdirSync(folder)
  .map((file) => file.replace(/\.json$/, ''))
  .sort();

export function templateText(name: string): string {
  return readFileSync(new URL(`${name}.json`, folder), 'utf8');
}

const compiled = new Map(templateNames.map((name) => [name, new Template(JSON.parse(templateText(name)))]));

/** The card as it would be sent. */
export function expand({ template, model }: Card): CardNode {
  const found = compiled.get(template);
  if (found === undefined) throw new Error(`there is no template ${template}`);
  return found.expand({ $root: model }) as CardNode;
}

/** Every object of the card that has a type, in document order. */
export function elementsOf(value: unknown): CardNode[] {
  if (value === null || typeof value !== 'object') return [];
  const inner = Object.values(value).flatMap(elementsOf);
  return 'type' in value && typeof value.type === 'string' ? [value as CardNode, ...inner] : inner;
}

export function ofType(card: CardNode, ...types: string[]): CardNode[] {
  return elementsOf(card).filter(({ type }) => types.includes(String(type)));
}

/** What a reader sees of untrusted text. */
export function runsOf(card: CardNode): string[] {
  return ofType(card, 'TextRun').map(({ text }) => String(text));
}

export function bytesOf(card: CardNode): number {
  return Buffer.byteLength(JSON.stringify(card));
}
