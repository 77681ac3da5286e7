import { ChangeSignal } from '../change-signal.ts';
import { CHANNELS, type Conversation, parseWireId, personalChat } from './conversations.ts';
import { type Attachment, type Card, type Content, cardOf, type Message, type Sender } from './message.ts';
import { mriOf, type Person, SEEDED_PEOPLE } from './people.ts';
import { messageText, recallMessage, teamsMemory } from './teams-memory.ts';

const HISTORY_LIMIT = 50;

/** What an open page is told. */
export type TeamsEvent =
  | {
      readonly type: 'message';
      readonly conversation: string;
      readonly messageId: string;
      readonly change: Change;
      readonly alert: boolean;
      readonly summary: string;
    }
  | { readonly type: 'typing'; readonly conversation: string; readonly rootId: string | null }
  | { readonly type: 'people' | 'installs' | 'reset' };

type Change = 'added' | 'edited' | 'deleted' | 'view';

/** People, conversations and messages of the simulated Teams. */
export class TeamsState {
  readonly changes = new ChangeSignal();
  people: Person[] = [];
  conversations: Conversation[] = [];
  /** Person ids of the team's members. */
  teamMembers = new Set<string>();
  /** Control ids of the conversations in which the bot is installed. */
  installed = new Set<string>();
  #messages = new Map<string, Message>();
  #lastId = 0;
  readonly #now: () => number;
  readonly #listeners = new Set<(event: TeamsEvent) => void>();

  constructor(now: () => number) {
    this.#now = now;
    this.reset();
  }

  /** Back to the seeded people and empty conversations; ids are never given twice. */
  reset(): void {
    this.people = [...SEEDED_PEOPLE];
    this.conversations = [...CHANNELS, ...SEEDED_PEOPLE.map(personalChat)];
    this.teamMembers = new Set(SEEDED_PEOPLE.map(({ id }) => id));
    this.installed = new Set(this.conversations.map(({ id }) => id));
    this.#messages = new Map();
    this.emit({ type: 'reset' });
  }

  onEvent(listener: (event: TeamsEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(event: TeamsEvent): void {
    if (event.type !== 'typing') this.changes.changed();
    for (const listener of this.#listeners) listener(event);
  }

  export(): string {
    const rest = JSON.stringify({
      people: this.people,
      conversations: this.conversations,
      teamMembers: [...this.teamMembers],
      installed: [...this.installed],
      lastId: this.#lastId,
    });
    const messages = [...this.#messages.values()].map(messageText).join(',');
    return `${rest.slice(0, -1)},"messages":[${messages}]}`;
  }

  restore(memory: unknown): void {
    const { people, conversations, teamMembers, installed, lastId, messages } = teamsMemory.parse(memory);
    this.people = people;
    this.conversations = conversations;
    this.teamMembers = new Set(teamMembers);
    this.installed = new Set(installed);
    this.#lastId = Math.max(this.#lastId, lastId);
    this.#messages = new Map(messages.map((message) => [message.id, recallMessage(message)]));
  }

  /** Teams' message ids are milliseconds since the epoch; two are never equal. */
  nextId(): string {
    this.#lastId = Math.max(Math.floor(this.#now()), this.#lastId + 1);
    return String(this.#lastId);
  }

  time(): string {
    return new Date(this.#now()).toISOString();
  }

  person(id: string): Person | null {
    return this.people.find((person) => person.id === id || person.oid === id || mriOf(person) === id) ?? null;
  }

  /** By control id or by wire id, with or without a thread. */
  conversation(id: string): Conversation | null {
    const { wireId } = parseWireId(id);
    return this.conversations.find((one) => one.id === id || one.wireId === wireId) ?? null;
  }

  membersOf({ kind, personId }: Conversation): Person[] {
    return this.people.filter(({ id }) => (kind === 'channel' ? this.teamMembers.has(id) : id === personId));
  }

  message(id: string): Message | null {
    return this.#messages.get(id) ?? null;
  }

  messagesOf(conversation: string): Message[] {
    return [...this.#messages.values()].filter((message) => message.conversation === conversation);
  }

  add(place: { conversation: Conversation; rootId: string | null; from: Sender }, content: Content): Message {
    const id = this.nextId();
    const message: Message = {
      alert: false,
      ...content,
      id,
      conversation: place.conversation.id,
      rootId: place.conversation.kind === 'channel' ? (place.rootId ?? id) : null,
      from: place.from,
      at: this.time(),
      deleted: false,
      edits: 0,
      history: [],
      version: 1,
      views: new Map(),
    };
    this.#messages.set(id, message);
    this.#changed(message, 'added');
    return message;
  }

  /** Replaces the shared content; what single persons saw in its place goes. */
  edit(message: Message, content: Content): void {
    const past = { at: this.time(), body: message.body, card: cardOf(message.attachments) };
    message.history = [...message.history, past].slice(-HISTORY_LIMIT);
    // Teams does not alert anybody to an edit.
    Object.assign(message, { ...content, alert: message.alert });
    message.edits += 1;
    message.views.clear();
    this.#changed(message, 'edited');
  }

  setDeleted(message: Message, deleted: boolean): void {
    message.deleted = deleted;
    this.#changed(message, 'deleted');
  }

  setView(message: Message, personId: string, card: Card): void {
    message.views.set(personId, card);
    this.#changed(message, 'view');
  }

  #changed(message: Message, change: Change): void {
    message.version += 1;
    this.emit({
      type: 'message',
      conversation: message.conversation,
      messageId: message.id,
      change,
      alert: message.alert,
      summary: message.summary,
    });
  }
}

export function contentOf(body: string, attachments: readonly Attachment[] = []): Content {
  return { body, textFormat: 'plain', summary: '', attachments };
}
