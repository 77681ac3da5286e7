import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../support/eventually.ts';
import type { RunningRehearsal } from '../support/rehearsal.ts';

interface Message {
  readonly id: string;
  readonly rootId: string | null;
  readonly text: string;
  readonly from: { readonly bot: boolean };
}

/** When a request passed its stations, as `performance.now()`. */
export interface Course {
  readonly askedAt: number;
  readonly approvedAt: number;
  readonly endedAt: number;
}

const PATIENCE_MS = 60_000;
const GOOD_ENDING = /^(✓ Proven|✓ Done)/mu;
const BAD_ENDING = /^(✗|↩|–|⚠ Done)[^\n]*/mu;
const WAITS = /Waits for an approver/u;

/** Rita asks in the channel, Ada approves, and everybody waits until the living card says how it ended. */
export async function carryOut(rehearsal: RunningRehearsal, text: string): Promise<Course> {
  const askedAt = performance.now();
  const { activityId } = (await rehearsal.control('messages', { as: 'rita', conversation: 'mail-ops', text })) as {
    activityId: string;
  };
  const plan = await eventually(() => cardIn(rehearsal, activityId, WAITS), PATIENCE_MS);
  const approvedAt = performance.now();
  const answer = (await rehearsal.control('actions', { as: 'ada', messageId: plan.id, verb: 'approve' })) as {
    outcome: string;
    text: string;
  };
  if (answer.outcome === 'error') throw new Error(`The approval of "${text}" was refused: ${answer.text}`);
  // Seldom: whoever asks all the time has the machine that the run is measured on.
  const later = (): Promise<void> => pause(250);
  await eventually(
    async () => {
      const message = (await rehearsal.control(`messages/${plan.id}`)) as Message;
      stopWhenBad(text, message);
      return GOOD_ENDING.test(message.text);
    },
    PATIENCE_MS,
    later,
  );
  return { askedAt, approvedAt, endedAt: performance.now() };
}

/** The living card in the thread of a message, once it reads like this. */
async function cardIn(rehearsal: RunningRehearsal, rootId: string, wanted: RegExp): Promise<Message | undefined> {
  const { messages } = (await rehearsal.control('conversations/mail-ops/messages')) as { messages: readonly Message[] };
  const thread = messages.filter((message) => message.rootId === rootId && message.from.bot);
  for (const message of thread) stopWhenBad(rootId, message);
  return thread.find((message) => wanted.test(message.text));
}

function stopWhenBad(what: string, { text }: Message): void {
  if (BAD_ENDING.test(text)) throw new Error(`"${what}" ended otherwise: ${text.slice(0, 600)}`);
}
