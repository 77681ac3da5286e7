import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { compileCache } from './compile-cache.ts';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';
import { type OnRecord, onRecord } from './on-record.ts';
import { putCluster, temporaryFolder } from './postgres.ts';
import { RIGHTS_AT_ONCE, type RunningRehearsal, startRehearsal } from './rehearsal.ts';
import { TeamsEvents } from './teams-events.ts';

/** A message as the control API shows it. `text` is what a person reads, card included. */
export interface SeenMessage {
  readonly id: string;
  readonly conversation: string;
  readonly rootId: string | null;
  readonly from: { readonly id: string; readonly bot: boolean };
  readonly text: string;
  readonly card: Readonly<Record<string, unknown>> | null;
  readonly edits: number;
}

/** What a click is answered with. */
export interface ClickAnswer {
  readonly status: number | null;
  readonly outcome: 'card' | 'message' | 'error' | 'none' | 'unreachable';
  /** What the person who clicked is told. */
  readonly text: string;
  readonly body: unknown;
}

export interface SaidAnswer {
  readonly activityId: string;
  readonly delivered: boolean;
  readonly status: number | null;
  readonly replies: readonly SeenMessage[];
}

type Extra = Readonly<Record<string, unknown>>;

const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const patienceMs = 60_000;

/** The program as people run it, against a simulated cloud of its own that outlives it. */
export class RunningBot {
  readonly cloud: RunningRehearsal;
  readonly port: number;
  readonly #events: TeamsEvents;
  readonly #folder: string;
  readonly #variables: Readonly<Record<string, string>>;
  readonly #output: string[] = [];
  #child: ChildProcess | null = null;

  private constructor(cloud: RunningRehearsal, port: number, variables: Readonly<Record<string, string>>) {
    this.cloud = cloud;
    this.port = port;
    this.#variables = variables;
    this.#events = new TeamsEvents(cloud.url);
    this.#folder = temporaryFolder();
  }

  /** `speed` is virtual seconds per real second. */
  static async start({
    speed = 60,
    variables = {},
  }: {
    speed?: number;
    variables?: Record<string, string>;
  } = {}): Promise<RunningBot> {
    const port = await freePort();
    const cloud = await startRehearsal({
      PORT: String(port),
      REHEARSAL_SPEED: String(speed),
      REHEARSAL_SWITCHES: RIGHTS_AT_ONCE,
    });
    const bot = new RunningBot(cloud, port, variables);
    await putCluster(bot.#folder);
    await bot.restart();
    // The app is added to the conversations a moment after it is there; from then on approvals have a place to go.
    await eventually(() => bot.#reachesOperators(), patienceMs);
    return bot;
  }

  /** Address of the Teams page. */
  get page(): string {
    return this.cloud.url;
  }

  /** Everything the bot has printed, over all its starts. */
  get output(): string {
    return this.#output.join('\n');
  }

  /** Starts the bot, again after it was killed, and waits until it says that it is ready. */
  async restart(): Promise<void> {
    const child = spawn(process.execPath, [program], {
      env: {
        PATH: process.env['PATH'],
        NODE_COMPILE_CACHE: compileCache,
        SWITCHYARD_DATA: this.#folder,
        SWITCHYARD_REHEARSAL_URL: this.cloud.url,
        PORT: String(this.port),
        ...this.#variables,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    const gone = once(child, 'exit');
    child.stderr.setEncoding('utf8').on('data', (text: string) => this.#output.push(text));
    const ready = new Promise<true>((resolve) => {
      createInterface(child.stdout).on('line', (line) => {
        this.#output.push(line);
        if (line.includes('is ready')) resolve(true);
      });
    });
    const isReady = await Promise.race([ready, gone.then(() => false)]);
    if (!isReady) throw new Error(`The bot ended before it was ready:\n${this.output}`);
  }

  /** Ends the bot alone; the cloud stays as it is. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }

  async stop(): Promise<void> {
    await this.kill('SIGTERM');
    this.#endLeftDatabase();
    this.#events.close();
    await this.cloud.stop();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }

  async #reachesOperators(): Promise<boolean> {
    const answer = await fetch(`http://127.0.0.1:${this.port}/healthz`);
    const { checks } = (await answer.json()) as { checks: { operators?: boolean } };
    return checks.operators !== false;
  }

  onRecord(requestId: string): Promise<OnRecord> {
    return onRecord(this.#folder, requestId);
  }

  control<Answer = unknown>(path: string, body?: unknown, method: 'POST' | 'PUT' = 'POST'): Promise<Answer> {
    return this.cloud.control(path, body, method) as Promise<Answer>;
  }

  say(as: string, conversation: string, text: string, extra: Extra = {}): Promise<SaidAnswer> {
    return this.control('messages', { as, conversation, text, ...extra });
  }

  click(as: string, messageId: string, verb: string, extra: Extra = {}): Promise<ClickAnswer> {
    return this.control('actions', { as, messageId, verb, ...extra });
  }

  async messages(conversation: string): Promise<readonly SeenMessage[]> {
    const path = `conversations/${encodeURIComponent(conversation)}/messages`;
    const { messages } = await this.control<{ messages: readonly SeenMessage[] }>(path);
    return messages;
  }

  /** The bot's first answer in the thread, or personal chat, of a message. */
  async firstReply(conversation: string, activityId: string): Promise<SeenMessage> {
    const threaded = !conversation.startsWith('personal:');
    const found = async (): Promise<SeenMessage | undefined> =>
      (await this.messages(conversation)).find(
        ({ id, from, rootId }) => from.bot && Number(id) > Number(activityId) && (!threaded || rootId === activityId),
      );
    return this.#seen(found);
  }

  message(id: string): Promise<SeenMessage> {
    return this.control(`messages/${id}`);
  }

  /** Waits until a message reads like this. */
  async reads(messageId: string, pattern: RegExp): Promise<SeenMessage> {
    let last = '';
    const found = async (): Promise<SeenMessage | null> => {
      const message = await this.message(messageId);
      last = message.text;
      return pattern.test(last) ? message : null;
    };
    return this.#seen(found).catch(() => {
      throw new Error(`Message ${messageId} never read like ${pattern}. It reads:\n${last}\n${this.output}`);
    });
  }

  /** Waits until the bot has written something like this into the conversation. */
  async hears(conversation: string, pattern: RegExp): Promise<SeenMessage> {
    const isIt = ({ from, text }: SeenMessage): boolean => from.bot && pattern.test(text);
    const found = async (): Promise<SeenMessage | undefined> => (await this.messages(conversation)).findLast(isIt);
    return this.#seen(found).catch(async () => {
      const texts = (await this.messages(conversation)).map(({ text }) => text);
      throw new Error(
        `Nobody said ${pattern} in ${conversation}. Said were:\n${texts.join('\n---\n')}\n${this.output}`,
      );
    });
  }

  #seen<Result>(found: () => Promise<Result | null | undefined>): Promise<Result> {
    return eventually(found, patienceMs, () => this.#events.next());
  }

  /** A killed bot leaves its database running, for the next start to adopt. */
  #endLeftDatabase(): void {
    try {
      const file = readFileSync(join(this.#folder, 'postgres', 'data', 'postmaster.pid'), 'utf8');
      process.kill(Number(file.split('\n')[0]), 'SIGINT');
    } catch {
      // It is gone already.
    }
  }
}
