import { Agent, request as sendHttp } from 'node:http';
import type { RehearsalIdentity } from '../../src/rehearsal/entra/rehearsal-identity.ts';
import { type Activity, baseActivity, messageActivity } from '../../src/rehearsal/teams/activities.ts';
import type { Conversation } from '../../src/rehearsal/teams/conversations.ts';
import type { Person } from '../../src/rehearsal/teams/people.ts';

/** What a bot answered over HTTP, and when. */
export interface BotAnswer {
  readonly status: number;
  readonly body: string;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** Delivers activities to bots as Teams does: signed with the channel's key, over connections that are kept. */
export class Channel {
  readonly serviceUrl: string;
  readonly #token: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });
  #ids = 0;

  constructor(serviceUrl: string, token: string) {
    this.serviceUrl = serviceUrl;
    this.#token = token;
  }

  /** Like Teams, one token for all activities of the next hour. */
  static async open(identity: RehearsalIdentity, serviceUrl: string): Promise<Channel> {
    return new Channel(serviceUrl, await identity.signBotToken({ serviceUrl }));
  }

  get headers(): Record<string, string> {
    return { 'content-type': 'application/json; charset=utf-8', authorization: `Bearer ${this.#token}` };
  }

  message(conversation: Conversation, from: Person, text: string): Activity {
    const mention = conversation.kind === 'channel';
    return messageActivity(this.#origin(conversation, from), this.#nextId(), { text, mention, quoteHtml: '' });
  }

  click(conversation: Conversation, from: Person, card: { messageId: string; verb: string; data: unknown }): Activity {
    const { messageId, verb, data } = card;
    return {
      ...baseActivity(this.#origin(conversation, from), 'invoke', `f:${this.#nextId()}`),
      name: 'adaptiveCard/action',
      replyToId: messageId,
      value: { action: { type: 'Action.Execute', verb, data }, trigger: 'manual' },
    };
  }

  deliver(botUrl: string, activity: Activity): Promise<BotAnswer> {
    const body = JSON.stringify(activity);
    const startedAt = performance.now();
    return new Promise((resolve, reject) => {
      const headers = { ...this.headers, 'content-length': Buffer.byteLength(body) };
      const request = sendHttp(botUrl, { agent: this.#agent, method: 'POST', headers }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, body: text, startedAt, endedAt: performance.now() });
        });
      });
      request.on('error', reject);
      request.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }

  #origin(conversation: Conversation, from: Person) {
    return { serviceUrl: this.serviceUrl, conversation, rootId: null, from, time: new Date().toISOString() };
  }

  #nextId(): string {
    this.#ids += 1;
    return `${Date.now()}${this.#ids}`;
  }
}
