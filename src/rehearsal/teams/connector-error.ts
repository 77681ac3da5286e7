import { json, type RehearsalResponse } from '../http.ts';

/** A refusal in the shape and with the codes of the Bot connector. */
export class ConnectorError extends Error {
  override readonly name = 'ConnectorError';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }

  response(headers: Record<string, string> = {}): RehearsalResponse {
    return json(this.status, { error: { code: this.code, message: this.message } }, headers);
  }
}

export const throttled = (): ConnectorError =>
  new ConnectorError(429, 'TooManyRequests', 'Too many requests to this conversation.');

export const conversationNotFound = (): ConnectorError =>
  new ConnectorError(404, 'ConversationNotFound', 'Conversation not found.');

export const activityNotFound = (): ConnectorError =>
  new ConnectorError(404, 'ActivityNotFoundInConversation', 'Activity not found in conversation.');

export const notInRoster = (): ConnectorError =>
  new ConnectorError(403, 'BotNotInConversationRoster', 'The bot is not part of the conversation roster.');
