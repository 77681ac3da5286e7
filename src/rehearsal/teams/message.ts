export interface Attachment {
  readonly contentType: string;
  readonly content?: unknown;
  readonly [detail: string]: unknown;
}

export type Card = Readonly<Record<string, unknown>>;

export const CARD_TYPE = 'application/vnd.microsoft.card.adaptive';

/** What a message said before an edit. */
export interface PastContent {
  readonly at: string;
  readonly body: string;
  readonly card: Card | null;
}

export interface Sender {
  /** Short name of a person, `switchyard`, or `bot:<name>`. */
  readonly id: string;
  readonly name: string;
  readonly bot: boolean;
}

/** One message as the simulated Teams keeps it. */
export interface Message {
  readonly id: string;
  readonly conversation: string;
  /** The thread it belongs to; its own id when it opens one; null in personal chats. */
  readonly rootId: string | null;
  readonly from: Sender;
  /** Virtual time, ISO. */
  readonly at: string;
  body: string;
  textFormat: string;
  summary: string;
  /** The bot asked Teams to alert people to it. */
  readonly alert: boolean;
  attachments: readonly Attachment[];
  deleted: boolean;
  edits: number;
  /** The latest earlier contents, oldest first; `edits` counts them all. */
  history: PastContent[];
  /** Grows with every change that somebody may see. */
  version: number;
  /** Cards that an Action.Execute answer put in place of the shared one, by person. */
  readonly views: Map<string, Card>;
}

export interface Content {
  readonly body: string;
  readonly textFormat: string;
  readonly summary: string;
  readonly attachments: readonly Attachment[];
  /** Default: false. */
  readonly alert?: boolean;
}

export function cardOf(attachments: readonly Attachment[]): Card | null {
  const found = attachments.find(({ contentType }) => contentType === CARD_TYPE);
  return found && isRecord(found.content) ? found.content : null;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
