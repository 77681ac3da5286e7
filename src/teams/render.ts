import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Card } from '../core/card.ts';
import type { Json } from '../core/json.ts';
import type { Reader } from '../core/reader.ts';
import { momentsFor, writeMoments } from '../views/time.ts';

/** A compiled template of adaptivecards-templating. */
interface Template {
  expand(context: { readonly $root: unknown }): unknown;
}

// Its type declarations lead the compiler into sources of another package that do not compile here.
const require = createRequire(import.meta.url);
const { Template } = require('adaptivecards-templating') as { readonly Template: new (card: unknown) => Template };

const CARD_TYPE = 'application/vnd.microsoft.card.adaptive';
const BANNER = 'REHEARSAL · simulated cloud, nothing real is touched';

/** Stands for `${` while data passes through the template language, so that data is never taken for a binding. */
const SENTINEL = '\u{E000}{';

const manyReaders: Reader = { locale: null, timeZone: null };

type CardContent = Record<string, unknown>;

/** A message that shows one card. `summary` is the text of the toast. */
export interface CardMessage {
  readonly type: 'message';
  readonly summary: string;
  readonly attachments: readonly { readonly contentType: string; readonly content: CardContent }[];
  /** Makes Teams alert people: somebody must act now. */
  readonly channelData?: { readonly notification: { readonly alert: true } };
}

/** Turns cards into what Teams shows. Templates are read once, and compiled when they are needed first. */
export class Renderer {
  readonly #sources = new Map<string, string>();
  readonly #templates = new Map<string, Template>();
  readonly #rehearsal: boolean;
  readonly #teamsIdOf: (objectId: string) => string | undefined;

  constructor(options: {
    readonly cards: string;
    readonly rehearsal: boolean;
    /** The id Teams uses for a person, for automatic refresh; unknown people are left out. */
    readonly teamsIdOf?: (objectId: string) => string | undefined;
  }) {
    this.#rehearsal = options.rehearsal;
    this.#teamsIdOf = options.teamsIdOf ?? (() => undefined);
    for (const file of readdirSync(options.cards, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.json')) continue;
      const name = file.slice(0, -'.json'.length).replaceAll('\\', '/');
      this.#sources.set(name, readFileSync(join(options.cards, file), 'utf8'));
    }
  }

  /** The card alone, as the answer to a click wants it. `reader` is the only person who reads it, when there is only one. */
  content(card: Card, reader: Reader = manyReaders): CardContent {
    const text = JSON.stringify(this.#templateOf(card).expand({ $root: bindable(card.model) }));
    if (text.includes('${')) throw new Error(`The card template ${card.template} kept a binding without data.`);
    const content = JSON.parse(writeMoments(reader, text.replaceAll(SENTINEL, '${'))) as CardContent;
    this.#keepRefresh(content, card);
    if (card.note !== undefined) addNote(content, card.note);
    return this.#rehearsal ? withBanner(content) : content;
  }

  /** The message around it, with the same `reader`. */
  message(card: Card, reader: Reader = manyReaders): CardMessage {
    const content = this.content(card, reader);
    const attachments = [{ contentType: CARD_TYPE, content }];
    const message: CardMessage = { type: 'message', summary: this.text(momentsFor(reader, card.summary)), attachments };
    return card.urgent === true ? { ...message, channelData: { notification: { alert: true } } } : message;
  }

  /** A short plain text as it is shown. */
  text(text: string): string {
    return this.#rehearsal ? `REHEARSAL · ${text}` : text;
  }

  /** Compiling all of them is a large part of a start. */
  #templateOf(card: Card): Template {
    const compiled = this.#templates.get(card.template);
    if (compiled) return compiled;
    const source = this.#sources.get(card.template);
    if (source === undefined) throw new Error(`There is no card template ${card.template}.`);
    const template = new Template(JSON.parse(source));
    this.#templates.set(card.template, template);
    return template;
  }

  #keepRefresh(content: CardContent, { refreshFor = [] }: Card): void {
    const userIds = refreshFor.map((id) => this.#teamsIdOf(id)).filter((id) => id !== undefined);
    const { refresh } = content;
    delete content['refresh'];
    if (userIds.length === 0 || typeof refresh !== 'object') return;
    content['refresh'] = { ...refresh, userIds: userIds.slice(0, 60) };
  }
}

/** Data for the template language: no null, which it cannot bind, and nothing that reads like a binding. */
function bindable(value: Json): unknown {
  if (value === null) return '';
  if (typeof value === 'string') return value.replaceAll('${', SENTINEL);
  if (typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(bindable);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, bindable(item)]));
}

/** Only texts of our own come here, so markdown in them is harmless. */
function addNote(content: CardContent, text: string): void {
  const body: unknown[] = Array.isArray(content['body']) ? content['body'] : [];
  content['body'] = [
    ...body,
    { type: 'TextBlock', text, size: 'Small', isSubtle: true, wrap: true, spacing: 'Medium' },
  ];
}

function withBanner(content: CardContent): CardContent {
  const body: unknown[] = Array.isArray(content['body']) ? content['body'] : [];
  const banner = { type: 'TextBlock', text: BANNER, size: 'Small', weight: 'Bolder', color: 'Accent', wrap: true };
  const labelled = ['fallbackText', 'speak']
    .filter((name) => typeof content[name] === 'string')
    .map((name) => [name, `REHEARSAL. ${String(content[name])}`]);
  return { ...content, ...Object.fromEntries(labelled), body: [banner, ...body] };
}
