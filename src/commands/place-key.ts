import { sha256 } from '../core/json.ts';
import { wholeConversation } from '../core/whole-conversation.ts';

/** Sixteen digits that stand for a conversation in the button of a card that is for this conversation alone. */
export function placeKey(conversation: string): string {
  return sha256(wholeConversation(conversation)).slice(0, 16);
}
