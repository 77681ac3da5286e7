/** What Teams says when it will take nothing from us there until somebody lets us in again. */
const closing = new Set([
  'BotDisabledByAdmin',
  'BotNotInConversationRoster',
  'ConversationBlockedByUser',
  'ConversationNotFound',
  'MessageWritesBlocked',
]);

/** What the channel's service answered when it did not do what we asked. */
export class ChannelRefusal extends Error {
  override readonly name = 'ChannelRefusal';
  readonly status: number;
  /** The service's own code, e.g. `BotNotInConversationRoster`. */
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(`${status} ${code}: ${message}`);
    this.status = status;
    this.code = code;
  }

  /** Whether it is a no, whatever for: not too fast, not too large, not out of order. */
  get isNo(): boolean {
    return this.status === 403 || this.status === 404;
  }

  /** Whether the conversation is closed to us, as opposed to one message in it, or to Teams not knowing what it does. */
  get closesConversation(): boolean {
    return this.isNo && closing.has(this.code);
  }

  /** Whether the one message is gone. */
  get endsMessage(): boolean {
    return this.isNo && this.code === 'ActivityNotFoundInConversation';
  }
}
