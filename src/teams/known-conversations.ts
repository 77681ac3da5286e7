import type { ConversationStore } from '../ports/conversations.ts';
import type { Logger } from '../telemetry/log.ts';
import { readerOf, scopeOf, type TeamsActivity } from './activity.ts';
import { Recent } from './recent.ts';

/** An address is written again this often even when it did not change, in case it was forgotten elsewhere. */
const WRITE_AGAIN_MS = 60_000;

export interface KnownConversationsOptions {
  readonly store: ConversationStore;
  readonly tenantId: string;
  /** Whether a service address is one of Teams. */
  readonly allows: (serviceUrl: string) => boolean;
  /** Told what the person is called whom an activity is from. */
  readonly learn: (objectId: string, name: string) => void;
  readonly log: Logger;
}

/** Remembers where we may post, from authenticated activities of the home tenant only. */
export class KnownConversations {
  readonly #store: ConversationStore;
  readonly #tenantId: string;
  readonly #allows: (serviceUrl: string) => boolean;
  readonly #learn: KnownConversationsOptions['learn'];
  readonly #log: Logger;
  readonly #written = new Recent<string>({ limit: 5000, keepMs: WRITE_AGAIN_MS });
  readonly #teamsIds = new Recent<string>({ limit: 10_000, keepMs: 24 * 3_600_000 });

  constructor(options: KnownConversationsOptions) {
    this.#store = options.store;
    this.#tenantId = options.tenantId;
    this.#allows = options.allows;
    this.#learn = options.learn;
    this.#log = options.log;
  }

  /** The id Teams uses for a person we heard from. */
  teamsIdOf(objectId: string): string | undefined {
    return this.#teamsIds.get(objectId.toLowerCase());
  }

  /** Never fails: every later activity brings the same facts again. */
  async remember(activity: TeamsActivity): Promise<void> {
    const { conversation, serviceUrl, from } = activity;
    if (!this.#allows(serviceUrl)) return;
    if (from.aadObjectId) {
      this.#teamsIds.set(from.aadObjectId.toLowerCase(), from.id);
      this.#learn(from.aadObjectId, from.name);
    }
    const [channel = conversation.id] = conversation.id.split(';');
    const keys = [...new Set([conversation.id, channel])].filter((key) => this.#written.get(key) !== serviceUrl);
    try {
      await Promise.all(keys.map((key) => this.#write(key, activity)));
    } catch (err) {
      this.#log.warn({ err, conversation: conversation.id }, 'conversation could not be remembered');
    }
  }

  async forget(key: string): Promise<void> {
    this.#written.clear();
    await this.#store.forget(key);
  }

  /** With the team all its channels are gone. */
  async forgetTeam(teamId: string): Promise<void> {
    this.#written.clear();
    await this.#store.forgetTeam(teamId);
  }

  async #write(key: string, activity: TeamsActivity): Promise<void> {
    const scope = scopeOf(activity);
    if (!scope) return;
    await this.#store.remember({
      key,
      serviceUrl: activity.serviceUrl,
      tenantId: this.#tenantId,
      scope,
      teamId: activity.channelData.team?.id ?? null,
      personId: scope === 'personal' ? (activity.from.aadObjectId?.toLowerCase() ?? null) : null,
      reference: { bot: activity.recipient.id, channel: activity.channelData.channel?.id ?? '' },
      ...(scope === 'personal' ? { reader: readerOf(activity) } : {}),
    });
    this.#written.set(key, activity.serviceUrl);
  }
}
