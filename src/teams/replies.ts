import type { Dispatcher, Reply } from '../commands/turn.ts';
import { describeError } from '../core/errors.ts';
import { sendFailed } from '../telemetry/events.ts';
import type { Logger } from '../telemetry/log.ts';
import { atMost } from './at-most.ts';
import type { Place, TeamsNotifier } from './notifier.ts';

/** A turn waits this long for its reply to be shown; after that the reply goes on by itself. */
const WITHIN_TURN_MS = 1500;

/** Sends replies without letting a slow channel hold up the answer to the channel. */
export class Replies {
  readonly #notifier: TeamsNotifier;
  readonly #dispatcher: Dispatcher;
  readonly #log: Logger;
  readonly #open = new Set<Promise<void>>();

  constructor(options: { notifier: TeamsNotifier; dispatcher: Dispatcher; log: Logger }) {
    this.#notifier = options.notifier;
    this.#dispatcher = options.dispatcher;
    this.#log = options.log;
  }

  card(place: Place, reply: Reply): Promise<void> {
    return this.#soon(place, async () => {
      const message = await this.#notifier.reply(place, reply.card);
      if (reply.livingCardOf !== undefined) await this.#dispatcher.posted(reply.livingCardOf, message);
      for (const card of reply.more ?? []) await this.#notifier.reply(place, card);
    });
  }

  text(place: Place, text: string): Promise<void> {
    return this.#soon(place, async () => {
      await this.#notifier.say(place, text);
    });
  }

  /** Resolves when no reply is under way any more. */
  async settled(): Promise<void> {
    while (this.#open.size > 0) await Promise.all(this.#open);
  }

  async #soon(place: Place, send: () => Promise<void>): Promise<void> {
    const sending = send()
      .catch((err: unknown) => {
        const { code } = describeError(err);
        sendFailed(this.#log, { conversation: place.conversation, code, err });
      })
      .finally(() => this.#open.delete(sending));
    this.#open.add(sending);
    await atMost(WITHIN_TURN_MS, sending);
  }
}
