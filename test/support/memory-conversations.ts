import type { ConversationStore, KnownConversation } from '../../src/ports/conversations.ts';

/** Known conversations in memory, open to the eyes of a test. */
export class MemoryConversations implements ConversationStore {
  readonly known = new Map<string, KnownConversation>();

  async remember(conversation: KnownConversation): Promise<void> {
    this.known.set(conversation.key, conversation);
  }

  async get(key: string): Promise<KnownConversation | null> {
    return this.known.get(key) ?? null;
  }

  async personal(tenantId: string, objectId: string): Promise<KnownConversation | null> {
    const all = [...this.known.values()];
    return all.find((known) => known.tenantId === tenantId && known.personId === objectId) ?? null;
  }

  async latestServiceUrl(): Promise<string | null> {
    return [...this.known.values()].at(-1)?.serviceUrl ?? null;
  }

  async forget(key: string): Promise<void> {
    this.known.delete(key);
  }

  async forgetTeam(teamId: string): Promise<void> {
    for (const { key, teamId: team } of this.known.values()) {
      if (team === teamId || key === teamId) this.known.delete(key);
    }
  }
}
