import type { Card } from '../core/card.ts';
import { plusSeconds } from '../core/clock.ts';
import { ThrottledError } from '../core/errors.ts';
import type { Letter, LetterBox } from '../ports/letters.ts';
import type { Notifier } from '../ports/notifier.ts';
import { sendFailed } from '../telemetry/events.ts';
import { digestCard } from '../views/digest.ts';
import { noticeCard } from '../views/notice.ts';
import { letterBatches } from './letter-batches.ts';
import { codeOf, mostAttempts, Undelivered, type UndeliveredOptions } from './undelivered.ts';

export interface PostOfficeOptions extends UndeliveredOptions {
  readonly notifier: Notifier;
  /** Whether whoever wished for it may still have it. */
  readonly fateOf: (letter: Letter) => Promise<'send' | 'withhold' | 'wait'>;
}

/** How often the table is looked at (real milliseconds) when nobody says that there is something. */
const lookEveryMs = 1000;
/** Conversations that are served at the same time. Each holds a database connection. */
const atOnce = 3;
/** A conversation that got more than so many letters in 30 seconds rests, so that what comes next shares a card. */
const busy = 12;
const restSeconds = 10;
/** Product time until it is looked again whether letters may be sent that wait for it to be known. */
const doubtSeconds = 15;
const note = 'Sent again, because sending it was cut off: it may have been shown before.';

/** Brings letters to their conversations: one conversation is served by one process at a time, in order. */
export class PostOffice {
  readonly #options: PostOfficeOptions;
  readonly #undelivered: Undelivered;
  #wake: () => void = () => undefined;
  /** Somebody said that there is something while nobody waited for it. */
  #isAsked = false;

  constructor(options: PostOfficeOptions) {
    this.#options = options;
    this.#undelivered = new Undelivered(options);
  }

  /** There may be letters: looks at once. */
  look(): void {
    this.#isAsked = true;
    this.#wake();
  }

  /** Works until the signal aborts; then finishes what is in hand. `onError` is told when the table cannot be read. */
  async work(signal: AbortSignal, onError: (error: unknown) => void): Promise<void> {
    const serving = new Set<Promise<void>>();
    while (!signal.aborted) {
      const box = serving.size < atOnce ? await this.#take(onError) : null;
      if (box === null) {
        await this.#pause(signal);
        continue;
      }
      const one: Promise<void> = this.serve(box)
        .catch(onError)
        .finally(() => {
          serving.delete(one);
          this.look();
        });
      serving.add(one);
    }
    await Promise.all(serving);
  }

  /** Sends what is in the box, and lets go of it. */
  async serve(box: LetterBox): Promise<void> {
    let sent = 0;
    try {
      const { send, withhold, wait } = await this.#sorted(box.letters);
      // At the head of the box they would keep everything behind them from being taken.
      if (wait.length > 0) await box.later(wait, plusSeconds(this.#options.clock.now(), doubtSeconds));
      if (withhold.length > 0) await box.done(withhold, 'withheld');
      for (const batch of letterBatches(send)) await this.#send(box, batch);
      sent = send.length;
    } catch (error) {
      const retryAfterSeconds = error instanceof ThrottledError ? error.retryAfterSeconds : null;
      sendFailed(this.#options.log, { conversation: box.conversation, code: codeOf(error), err: error });
      await box.fail(retryAfterSeconds);
      return;
    }
    if (box.lately + sent > busy) await box.rest(restSeconds);
    else await box.release();
  }

  /** Between its addressing and now, hours may have passed. */
  async #sorted(letters: readonly Letter[]): Promise<Record<'send' | 'withhold' | 'wait', readonly Letter[]>> {
    const fates = await Promise.all(letters.map((letter) => this.#options.fateOf(letter)));
    const of = (fate: string): readonly Letter[] => letters.filter((_, at) => fates[at] === fate);
    return { send: of('send'), withhold: of('withhold'), wait: of('wait') };
  }

  async #send(box: LetterBox, batch: readonly Letter[]): Promise<void> {
    const mayBeShown = batch.some(({ tried }) => tried > 0);
    if (batch.some(({ tried }) => tried >= mostAttempts)) return box.done(batch, 'unknown');
    const card = cardOf(batch);
    await box.begin(batch);
    try {
      await this.#options.notifier.post(box.conversation, mayBeShown ? { ...card, note } : card);
    } catch (error) {
      const again = await this.#undelivered.settle(box, batch, error);
      for (const letter of again) await this.#send(box, [letter]);
      return;
    }
    await box.done(batch, 'shown');
  }

  async #take(onError: (error: unknown) => void): Promise<LetterBox | null> {
    try {
      return await this.#options.letters.take(this.#options.clock.now());
    } catch (error) {
      onError(error);
      return null;
    }
  }

  #pause(signal: AbortSignal): Promise<void> {
    const isAsked = this.#isAsked;
    this.#isAsked = false;
    if (isAsked) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        this.#wake = () => undefined;
        this.#isAsked = false;
        resolve();
      };
      const timer = setTimeout(wake, lookEveryMs);
      this.#wake = wake;
      signal.addEventListener('abort', wake, { once: true });
      if (signal.aborted) wake();
    });
  }
}

function cardOf(batch: readonly Letter[]): Card {
  const [first, ...more] = batch;
  if (!first) throw new Error('A batch of letters is empty.');
  if (more.length === 0 && first.digest === null) return noticeCard(first.notice);
  return digestCard({ period: first.digest, notices: batch.map(({ notice }) => notice) });
}
