import type { Card } from '../core/card.ts';
import type { JsonObject } from '../core/json.ts';
import { clean, cleanForMarkdown } from './text.ts';
import { localMoments } from './time.ts';

/** One kind of card: a template in `cards/` and the pure function that fills it. */
export interface ViewSpec<Input> {
  /** Name of the template, without `.json`. */
  readonly template: string;
  /** What the template binds. Holds every name the template mentions, whatever the input. */
  model(input: Input): JsonObject;
  /** One line that stands alone: the toast, the screen reader's words and the fallback of old clients. */
  summary(input: Input): string;
  /** A typical input with every part filled. */
  readonly sample: Input;
  /** The barest input there can be. */
  readonly minimal: Input;
}

/** A view with its types erased, as tests hold it. */
export interface View {
  readonly template: string;
  readonly samples: { readonly full: Card; readonly minimal: Card };
}

/** A view that can be filled. */
export interface TypedView<Input> extends View {
  card(input: Input): Card;
}

/** Makes a view and expands its samples, so that every template is tested full and bare. */
export function defineView<Input>(spec: ViewSpec<Input>): TypedView<Input> {
  const card = (input: Input): Card => {
    const summary = clean(spec.summary(input), 200);
    const fallback = localMoments(plainMoments(cleanForMarkdown(summary, 200)));
    const model = { ...spec.model(input), speak: localMoments(summary), fallback };
    return { template: spec.template, model, summary };
  };
  return {
    template: spec.template,
    card,
    get samples() {
      return { full: card(spec.sample), minimal: card(spec.minimal) };
    },
  };
}

/** Nothing in a moment is markdown, so that it can be read as one again. */
function plainMoments(text: string): string {
  return text.replace(/\b(\d{4})\\-(\d\d)\\-(\d\d) (\d\d)\\:(\d\d) UTC\b/g, '$1-$2-$3 $4:$5 UTC');
}
