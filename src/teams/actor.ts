import type { Person } from '../core/person.ts';
import type { TeamsActivity } from './activity.ts';

/** Who an authenticated activity says is acting. */
export type Sender =
  | { readonly kind: 'person'; readonly person: Person }
  /** Somebody of another organisation, or an activity that names two. */
  | { readonly kind: 'stranger' }
  /** A bot, a connector, or anybody else without an Entra identity. */
  | { readonly kind: 'nobody' };

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The person behind an activity: Entra object id and tenant as the channel states them. Names are only for reading,
 * and nothing inside card data counts.
 */
export function senderOf(activity: TeamsActivity, options: { readonly homeTenantId: string }): Sender {
  const { from } = activity;
  const objectId = from.aadObjectId ?? '';
  if (from.role === 'bot' || from.id.startsWith('28:') || !GUID.test(objectId)) return { kind: 'nobody' };
  if (!isFromHome(activity, options.homeTenantId)) return { kind: 'stranger' };
  const person = { tenantId: options.homeTenantId, objectId: objectId.toLowerCase(), name: from.name };
  return { kind: 'person', person };
}

/** Whether the activity names the home tenant, and no other. */
export function isFromHome({ conversation, channelData }: TeamsActivity, homeTenantId: string): boolean {
  const stated = [conversation.tenantId, channelData.tenant?.id].filter((id) => id !== undefined);
  return stated.length > 0 && stated.every((id) => id.toLowerCase() === homeTenantId.toLowerCase());
}
