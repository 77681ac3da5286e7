const PREFIX = 'consent:';

/** Under which the living card of a consent link is remembered, beside the cards of requests. */
export function consentCardKey(id: string): string {
  return `${PREFIX}${id}`;
}

/** The link whose card this is, or null when it is a request's. */
export function consentIdOf(cardKey: string): string | null {
  return cardKey.startsWith(PREFIX) ? cardKey.slice(PREFIX.length) : null;
}
