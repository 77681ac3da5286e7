import type { Activity } from '../../src/rehearsal/teams/activities.ts';
import { findExecute } from '../../src/rehearsal/teams/card.ts';
import { type Conversation, personalChat } from '../../src/rehearsal/teams/conversations.ts';
import { type Card, isRecord } from '../../src/rehearsal/teams/message.ts';
import { type Person, SEEDED_PEOPLE } from '../../src/rehearsal/teams/people.ts';
import { eventually } from '../support/eventually.ts';
import type { BenchWorld } from './bench-world.ts';
import type { BotAnswer } from './channel.ts';

/** A button on a card that the bot sent. */
export interface Button {
  readonly messageId: string;
  readonly verb: string;
  readonly data: unknown;
}

/** Milliseconds until the bot answered the POST, and until its reply was at the connector. */
export interface CommandTimes {
  readonly answeredMs: number;
  readonly repliedMs: number;
}

const CHATTERS = 50;
const bench: Conversation = {
  id: 'bench',
  wireId: '19:bench@thread.tacv2',
  kind: 'channel',
  name: 'bench',
  personId: null,
};

/** What people do to a bot, one activity each, with a check that the bot did answer as it should. */
export class Traffic {
  readonly #world: BenchWorld;
  #forms = 0;

  constructor(world: BenchWorld) {
    this.#world = world;
  }

  /** Rita sends a form; the button is the approving one of the plan that comes back. No two forms are alike. */
  async openRequest(): Promise<Button> {
    const { ours, channel, connector } = this.#world;
    this.#forms += 1;
    const messageId = `bench-form-${this.#forms}`;
    const data = {
      workflow: 'set-up-gateway',
      domain: 'northwind.example',
      gateway: 'generic',
      ranges: `203.0.113.${this.#forms}`,
      mx: 'mx.gate.example',
    };
    const form = channel.click(bench, person('rita'), { messageId, verb: 'submit', data });
    insist(await channel.deliver(ours.url, form), (body) => body['type'] === 'application/vnd.microsoft.card.adaptive');
    return eventually(() => {
      const card = cardOf(connector.message(messageId)?.activity);
      const action = card && findExecute(card, 'approve');
      return action && { messageId, verb: 'approve', data: action['data'] };
    }, 30_000);
  }

  /** Eve, who is no approver, clicks Approve. */
  refusedClick({ messageId, verb, data }: Button): Activity {
    return this.#world.channel.click(bench, person('eve'), { messageId, verb, data });
  }

  /** Milliseconds until a click of Eve's is answered. */
  async clickMs(url: string, button: Button): Promise<number> {
    const answer = await this.#world.channel.deliver(url, this.refusedClick(button));
    insist(answer, (body) => JSON.stringify(body).includes('Only an approver can decide'));
    return answer.endedAt - answer.startedAt;
  }

  /** Ada approves for good. */
  async approvalMs({ messageId, verb, data }: Button): Promise<number> {
    const { ours, channel } = this.#world;
    const answer = await channel.deliver(ours.url, channel.click(bench, person('ada'), { messageId, verb, data }));
    insist(answer, (body) => body['type'] === 'application/vnd.microsoft.card.adaptive');
    return answer.endedAt - answer.startedAt;
  }

  /** One of many people types `help` in a chat of their own. */
  async command(url: string, index: number): Promise<CommandTimes> {
    const { channel, connector } = this.#world;
    const from = chatter(index);
    const chat = personalChat(from);
    const reply = connector.nextPost(chat.wireId);
    const answer = await channel.deliver(url, channel.message(chat, from, 'help'));
    if (answer.status !== 200) throw new Error(`A message was answered ${answer.status} ${answer.body}`);
    const { startedAt, endedAt } = answer;
    return { answeredMs: endedAt - startedAt, repliedMs: (await reply) - startedAt };
  }
}

function insist({ status, body }: BotAnswer, good: (body: Record<string, unknown>) => boolean): void {
  const parsed: unknown = status === 200 ? JSON.parse(body) : null;
  if (!isRecord(parsed) || !good(parsed)) throw new Error(`A click was answered ${status} ${body.slice(0, 400)}`);
}

function cardOf(activity: Readonly<Record<string, unknown>> | undefined): Card | null {
  const [attachment] = Array.isArray(activity?.['attachments']) ? activity['attachments'] : [];
  return isRecord(attachment) && isRecord(attachment['content']) ? attachment['content'] : null;
}

function person(id: string): Person {
  const found = SEEDED_PEOPLE.find((one) => one.id === id);
  if (!found) throw new Error(`The rehearsal has no ${id}.`);
  return found;
}

function chatter(index: number): Person {
  const number = String(index % CHATTERS).padStart(4, '0');
  return {
    id: `bench-${number}`,
    name: `Person ${number}`,
    oid: `22222222-0000-4000-8000-00000000${number}`,
    userRole: 'user',
  };
}
