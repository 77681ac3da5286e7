import type { Person } from './people.ts';

/** A channel of the one team, or one person's chat with the bot. */
export interface Conversation {
  /** As the control API names it: `mail-ops`, `personal:rita`. */
  readonly id: string;
  /** As Teams names it, without a thread. */
  readonly wireId: string;
  readonly kind: 'channel' | 'personal';
  readonly name: string;
  /** Whose personal chat it is. */
  readonly personId: string | null;
}

export const TEAM = {
  id: '19:mail-operations@thread.tacv2',
  aadGroupId: '22222222-0000-4000-8000-000000000001',
  name: 'Mail operations',
} as const;

export const CHANNELS: readonly Conversation[] = [channel('mail-ops'), channel('alerts')];

export function personalChat({ id, name }: Person): Conversation {
  return { id: `personal:${id}`, wireId: `a:personal-${id}`, kind: 'personal', name, personId: id };
}

/** Splits `19:…@thread.tacv2;messageid=17000…` into the conversation and the thread's root message. */
export function parseWireId(wireId: string): { wireId: string; rootId: string | null } {
  const [bare = '', ...rest] = wireId.split(';');
  const root = rest.find((part) => part.startsWith('messageid='));
  return { wireId: bare, rootId: root ? root.slice('messageid='.length) : null };
}

export function threadWireId({ wireId, kind }: Conversation, rootId: string | null): string {
  return kind === 'channel' && rootId ? `${wireId};messageid=${rootId}` : wireId;
}

function channel(name: string): Conversation {
  return { id: name, wireId: `19:${name}@thread.tacv2`, kind: 'channel', name, personId: null };
}
