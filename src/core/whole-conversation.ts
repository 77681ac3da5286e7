/** The key of a conversation without its thread: a channel as a whole. Other conversations have no threads. */
export function wholeConversation(key: string): string {
  const [whole = key] = key.split(';');
  return whole;
}
