import { type Clock, plusSeconds } from '../core/clock.ts';
import { OpsError } from '../core/errors.ts';
import type { MessageStore } from '../core/store.ts';
import { wholeConversation } from '../core/whole-conversation.ts';
import type { Letter, LetterBox, LetterStore } from '../ports/letters.ts';
import type { Notifier } from '../ports/notifier.ts';
import { sendFailed } from '../telemetry/events.ts';
import type { Logger } from '../telemetry/log.ts';
import { isRefusedForNow } from './is-refused.ts';

export interface UndeliveredOptions {
  readonly letters: LetterStore;
  readonly messages: Pick<MessageStore, 'cardsOf'>;
  readonly notifier: Pick<Notifier, 'scopeOf'>;
  readonly clock: Clock;
  readonly operatorConversation: string | null;
  /** Finds another conversation for a letter that its own does not get; false when there is none. */
  readonly addressAgain: (letter: Letter) => Promise<boolean>;
  readonly log: Logger;
}

/** A letter that was cut off twice may have been shown twice; there is no third time. */
export const mostAttempts = 2;
/** A no without a reason that lasts is asked again so often, which takes a quarter of a minute; then others are told. */
const fewRefusals = 6;
/** Where there are no others it is asked again later (product time), at most so often in all. */
const laterSeconds = 300;
const mostRefusals = 12;

/** Nothing was shown, and the same may be shown later. */
const notShown: readonly string[] = ['throttled', 'unavailable', 'store-unavailable'];
const inShort = ':short';

/** Sees to letters that were not shown, or of which that is not known. */
export class Undelivered {
  readonly #options: UndeliveredOptions;

  constructor(options: UndeliveredOptions) {
    this.#options = options;
  }

  /** What must be sent again now, one by one. Throws the error when the conversation must be left alone for a while. */
  async settle(box: LetterBox, batch: readonly Letter[], error: unknown): Promise<readonly Letter[]> {
    const code = codeOf(error);
    if (isRefusedForNow(error)) await this.#refusedForNow(box, batch, error);
    else if (notShown.includes(code)) {
      await box.notShown(batch);
      throw error;
    } else if (code === 'unknown-outcome') await this.#unknown(box, batch, error);
    else if (code === 'refused') await this.#gone(box, batch, error);
    else if (batch.length > 1) {
      await box.notShown(batch);
      return batch;
    } else await this.#rejected(box, batch, error);
    return [];
  }

  async #refusedForNow(box: LetterBox, batch: readonly Letter[], error: unknown): Promise<void> {
    const { clock, addressAgain } = this.#options;
    await box.refused(batch);
    const often = batch.filter(({ refusals }) => refusals + 1 >= fewRefusals);
    for (const letter of often) {
      if (letter.refusals + 1 >= mostRefusals || (await addressAgain(letter))) await box.done([letter], 'refused');
      else await box.later([letter], plusSeconds(clock.now(), laterSeconds));
    }
    if (often.length < batch.length) throw error;
    this.#report(box, error);
  }

  /** It may have been shown. Where there is a card of the request, the card says the same; elsewhere it is sent again. */
  async #unknown(box: LetterBox, batch: readonly Letter[], error: unknown): Promise<void> {
    const isSaid = await Promise.all(
      batch.map(async (letter) => letter.tried + 1 >= mostAttempts || (await this.#hasCard(letter))),
    );
    const said = batch.filter((_, at) => isSaid[at]);
    if (said.length > 0) await box.done(said, 'unknown');
    if (said.length < batch.length) throw error;
    this.#report(box, error);
  }

  async #hasCard({ notice, conversation }: Letter): Promise<boolean> {
    const here = wholeConversation(conversation);
    const cards = await this.#options.messages.cardsOf(notice.requestId);
    return cards.some((card) => wholeConversation(card.conversation) === here);
  }

  async #gone(box: LetterBox, batch: readonly Letter[], error: unknown): Promise<void> {
    this.#report(box, error);
    for (const letter of batch) await this.#options.addressAgain(letter);
    await box.done(batch, 'gone');
  }

  /** Teams finds fault with what it says: somebody is told at least that there is something to look at. */
  async #rejected(box: LetterBox, batch: readonly Letter[], error: unknown): Promise<void> {
    this.#report(box, error);
    const { letters, notifier, operatorConversation: operators, clock } = this.#options;
    const isThere = operators !== null && (await notifier.scopeOf(operators)) !== null;
    const conversation = isThere ? operators : box.conversation;
    const short = batch
      .filter(({ key }) => !key.endsWith(inShort))
      .map(({ key, notice }) => {
        const { requestId } = notice;
        const rest = requestId.startsWith('R-') ? ` “show ${requestId}” tells the rest.` : '';
        const body = `Teams refused this notice where it was to be shown, so this is only its headline.${rest}`;
        const told = { ...notice, body, details: [] };
        return {
          key: key + inShort,
          conversation,
          audience: 'operators',
          notice: told,
          digest: null,
          dueAt: clock.now(),
        } as const;
      });
    await letters.add(short);
    await box.done(batch, 'refused');
  }

  #report({ conversation }: LetterBox, error: unknown): void {
    sendFailed(this.#options.log, { conversation, code: codeOf(error), err: error });
  }
}

export function codeOf(error: unknown): string {
  return error instanceof OpsError ? error.code : 'internal';
}
