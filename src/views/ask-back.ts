import type { Card } from '../core/card.ts';
import { clean, showName } from './text.ts';
import { defineView } from './view.ts';

/** A name somebody typed that is not known, with what it may have been meant to be. */
export interface AskBackInput {
  /** What the name should have named, e.g. `domain`, `tenant`, `gateway`, `command`. */
  readonly what: string;
  readonly given: string;
  /** Best first. Shown as text only: a guess never acts. */
  readonly suggestions: readonly string[];
}

export const askBackView = defineView<AskBackInput>({
  template: 'ask-back',
  model: ({ what, given, suggestions }) => ({
    heading: suggestions.length > 0 ? '? Which one is meant?' : '? I did not understand that',
    what: clean(what, 40),
    given: showName(given) || 'without any visible letters',
    hasSuggestions: suggestions.length > 0,
    suggestions: suggestions.slice(0, 5).map((suggestion) => ({ text: showName(suggestion) })),
    next:
      suggestions.length > 0
        ? 'Type the command again with the exact name. Nothing was done: a name that is only similar never acts.'
        : 'Nothing was done. Ask for “help” to see what can be said, or for “gateways” to see the gateways.',
  }),
  summary: ({ what, given, suggestions }) => {
    const meant = suggestions[0] === undefined ? '' : ` Did you mean ${showName(suggestions[0])}?`;
    return `I know no ${what} ${showName(given)}.${meant}`;
  },
  sample: { what: 'domain', given: 'cont0so.com', suggestions: ['contoso.com', 'sales.contoso.com'] },
  minimal: { what: 'command', given: '', suggestions: [] },
});

/** Asks back for a name that is not known. */
export function askBackCard(input: AskBackInput): Card {
  return askBackView.card(input);
}
