import { setTimeout as wait } from 'node:timers/promises';
import type { World } from '../world.ts';
import { type Activity, baseActivity, channelData, type Origin } from './activities.ts';
import { ChannelSettings } from './channel-settings.ts';
import type { Conversation } from './conversations.ts';
import { Delivery } from './delivery.ts';
import { BOT, type Person } from './people.ts';
import { RateLimit } from './rate-limit.ts';
import { TeamsState } from './teams-state.ts';

const RETRY_MS = 500;

/** The parts of the simulated cloud that Teams needs. */
export type TeamsWorld = Pick<World, 'clock' | 'journal' | 'faults' | 'identity'>;

/** The simulated Teams of one world. */
export class Teams {
  readonly world: TeamsWorld;
  readonly state: TeamsState;
  readonly settings = new ChannelSettings();
  readonly limit = new RateLimit();
  #delivery: Delivery | null = null;
  #stop = new AbortController();
  #installing = new AbortController();

  constructor(world: TeamsWorld) {
    this.world = world;
    this.state = new TeamsState(() => world.clock.now());
  }

  get delivery(): Delivery {
    if (!this.#delivery) throw new Error('The simulated Teams has not been started: call startTeams first.');
    return this.#delivery;
  }

  /** Aborts when the simulated Teams stops. */
  get stopping(): AbortSignal {
    return this.#stop.signal;
  }

  start(target: { botEndpoint: string; serviceUrl: string }): void {
    this.#stop = new AbortController();
    const nextId = (): string => this.state.nextId();
    this.#delivery = new Delivery(this.world, this.settings, { ...target, nextId, signal: this.#stop.signal });
    this.announceInstalls();
  }

  stop(): void {
    this.#installing.abort();
    this.#stop.abort();
  }

  reset(): void {
    this.settings.reset();
    this.limit.clear();
    this.state.reset();
    if (this.#delivery && !this.#stop.signal.aborted) this.announceInstalls();
  }

  origin(conversation: Conversation, rootId: string | null, from: Origin['from']): Origin {
    return { serviceUrl: this.delivery.serviceUrl, conversation, rootId, from, time: this.state.time() };
  }

  /** Tells the bot of every conversation it is installed in; tries until the bot takes it. */
  announceInstalls(): void {
    this.#installing.abort();
    this.#installing = new AbortController();
    const { signal } = this.#installing;
    const activities = this.state.conversations
      .filter(({ id }) => this.state.installed.has(id))
      .flatMap((conversation) => this.installActivities(conversation, 'add'));
    void untilTaken(this.delivery, activities, signal);
  }

  /** The pair of activities with which Teams reports that the app was added or removed. */
  installActivities(conversation: Conversation, action: 'add' | 'remove'): Activity[] {
    const from = this.#installer(conversation);
    if (!from) return [];
    const data = {
      ...channelData(conversation),
      ...(conversation.kind === 'channel'
        ? {
            eventType: action === 'add' ? 'teamMemberAdded' : 'teamMemberRemoved',
            settings: { selectedChannel: { id: conversation.wireId } },
          }
        : {}),
    };
    const origin = this.origin(conversation, null, from);
    const bot = { id: BOT.id };
    const members = action === 'add' ? { membersAdded: [bot] } : { membersRemoved: [bot] };
    const base = (type: string): Activity => baseActivity(origin, type, `f:${this.state.nextId()}`);
    return [
      { ...base('conversationUpdate'), ...members, channelData: data },
      { ...base('installationUpdate'), action, channelData: { ...data, source: { name: 'message' } } },
    ];
  }

  #installer(conversation: Conversation): Person | undefined {
    return this.state.membersOf(conversation)[0];
  }
}

const instances = new WeakMap<TeamsWorld, Teams>();

export function teamsOf(world: TeamsWorld): Teams {
  const known = instances.get(world);
  if (known) return known;
  const teams = new Teams(world);
  instances.set(world, teams);
  return teams;
}

async function untilTaken(delivery: Delivery, activities: readonly Activity[], signal: AbortSignal): Promise<void> {
  for (const activity of activities) {
    while (!signal.aborted) {
      const { status } = await delivery.tryOnce(activity);
      if (status !== null && status < 300) break;
      await wait(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
