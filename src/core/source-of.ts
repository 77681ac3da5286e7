import type { Actor } from './person.ts';
import type { AuditEntry } from './store.ts';

/**
 * Where somebody acted, for the audit trail: by which activity, or at least in which conversation. Whatever Switchyard
 * does itself belongs to the conversation the request was asked in.
 */
export function sourceOf(actor: Pick<Actor, 'via'> | null, asked: string): Pick<AuditEntry, 'source'> {
  if (actor?.via === null) return {};
  const { conversation, activityId } = actor?.via ?? { conversation: asked };
  return { source: activityId === undefined ? { conversation } : { conversation, activityId } };
}
