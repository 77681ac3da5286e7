import { setTimeout as wait } from 'node:timers/promises';
import pLimit, { type LimitFunction } from 'p-limit';
import { ThrottledError } from '../core/errors.ts';

/** What Teams lets one bot send into one conversation. */
const LIMITS = [
  { count: 7, withinMs: 1000 },
  { count: 8, withinMs: 2000 },
  { count: 60, withinMs: 30_000 },
  { count: 1800, withinMs: 3_600_000 },
] as const;
const LONGEST_MEMORY_MS = 3_600_000;
const PATIENCE_MS = 5000;
const MANY_LANES = 2000;
const MOST_REMEMBERED = 1800;

interface Lane {
  /** One send at a time: Teams answers 412 to two at once. */
  readonly sending: LimitFunction;
  /** Paced sends keep their order while they wait; answers to people overtake them. */
  readonly waiting: LimitFunction;
  /** When the sends of the last hour happened, oldest first. */
  sent: number[];
}

/** Sends one at a time per conversation, and not faster than Teams allows. */
export class ConversationLanes {
  readonly #lanes = new Map<string, Lane>();

  /** Waits its turn and, when `paced`, for room in the limits; gives up when that would take long. */
  run<Result>(conversation: string, paced: boolean, send: () => Promise<Result>): Promise<Result> {
    const lane = this.#laneOf(conversation);
    const task = (): Promise<Result> =>
      lane.sending(() => {
        lane.sent.push(Date.now());
        if (lane.sent.length > MOST_REMEMBERED) lane.sent.shift();
        return send();
      });
    if (!paced) return task();
    return lane.waiting(async () => {
      await this.#room(lane);
      return task();
    });
  }

  #laneOf(conversation: string): Lane {
    // Limits hold for a channel as a whole, whatever the thread.
    const [key = ''] = conversation.split(';');
    const known = this.#lanes.get(key);
    if (known) return known;
    if (this.#lanes.size >= MANY_LANES) this.#dropIdle();
    const lane = { sending: pLimit(1), waiting: pLimit(1), sent: [] };
    this.#lanes.set(key, lane);
    return lane;
  }

  async #room(lane: Lane): Promise<void> {
    const pause = pauseOf(lane);
    if (pause <= 0) return;
    if (pause > PATIENCE_MS) {
      throw new ThrottledError('The conversation got as many messages as Teams allows.', {
        operation: 'Post a message',
        next: 'Nothing to do: it is sent again when there is room.',
        retryAfterSeconds: Math.ceil(pause / 1000),
      });
    }
    await wait(pause);
  }

  #dropIdle(): void {
    for (const [key, { sending, waiting }] of this.#lanes) {
      const busy = sending.activeCount + sending.pendingCount + waiting.activeCount + waiting.pendingCount > 0;
      if (!busy) this.#lanes.delete(key);
    }
  }
}

function pauseOf(lane: Lane): number {
  const now = Date.now();
  lane.sent = lane.sent.filter((at) => now - at < LONGEST_MEMORY_MS);
  const { sent } = lane;
  const pauses = LIMITS.map(({ count, withinMs }) => {
    const first = sent.at(-count);
    return sent.length < count || first === undefined ? 0 : first + withinMs - now;
  });
  return Math.max(0, ...pauses);
}
