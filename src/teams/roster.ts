import { z } from 'zod/v4';
import { RolesUnavailableError } from '../core/policy/role-source.ts';
import type { TeamsActivity } from './activity.ts';
import type { ChannelClient } from './channel-client.ts';
import { Recent } from './recent.ts';

const memberSchema = z.object({
  aadObjectId: z.string().toLowerCase().optional().catch(undefined),
  tenantId: z.string().toLowerCase().optional().catch(undefined),
  userRole: z.string().toLowerCase().optional().catch(undefined),
});

/** What the rule about removed people allows at most. */
const KEEP_MS = 5 * 60_000;

/**
 * Who sits in a conversation, as the channel knows them. An activity does not say who is a guest, and a shared channel
 * has people of other organisations in it.
 */
export class Roster {
  readonly #client: ChannelClient;
  readonly #homeTenantId: string;
  readonly #known = new Recent<Promise<boolean>>({ limit: 5000, keepMs: KEEP_MS });

  constructor(client: ChannelClient, homeTenantId: string) {
    this.#client = client;
    this.#homeTenantId = homeTenantId.toLowerCase();
  }

  /**
   * Whether the sender is a full member of the home tenant. Throws `RolesUnavailableError`: whoever cannot be looked up
   * is taken for nobody.
   */
  isAtHome(activity: TeamsActivity): Promise<boolean> {
    const { conversation, from, serviceUrl } = activity;
    const key = JSON.stringify([conversation.id, from.id]);
    const known = this.#known.get(key);
    if (known) return known;
    const asked = this.#ask(serviceUrl, conversation.id, from);
    this.#known.set(key, asked);
    asked.catch(() => this.#known.delete(key));
    return asked;
  }

  async #ask(serviceUrl: string, conversation: string, from: TeamsActivity['from']): Promise<boolean> {
    let answer: unknown;
    try {
      answer = await this.#client.member(serviceUrl, conversation, from.id);
    } catch (cause) {
      throw new RolesUnavailableError('Teams does not tell now who is a guest here, so nothing was done.', {
        operation: 'look up a member of the conversation',
        next: 'Try again in a minute.',
        cause,
      });
    }
    const member = memberSchema.parse(answer ?? {});
    const isSame = member.aadObjectId === from.aadObjectId?.toLowerCase();
    return isSame && member.tenantId === this.#homeTenantId && member.userRole === 'user';
  }
}
