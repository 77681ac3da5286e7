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

  /** Whether the conversation is closed to us, as opposed to one message in it. */
  get closesConversation(): boolean {
    return (this.status === 403 || this.status === 404) && this.code !== 'ActivityNotFoundInConversation';
  }
}
