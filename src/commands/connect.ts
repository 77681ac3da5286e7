import { sourceOf } from '../core/source-of.ts';
import type { ConsentLink } from '../ports/admin-consent.ts';
import type { ManagedTenant } from '../ports/tenant-directory.ts';
import { connectCard } from '../views/connect.ts';
import { errorCard } from '../views/error.ts';
import type { Command, Services } from './command.ts';
import { consentCardKey } from './consent-card-key.ts';
import { namedTenant } from './named-tenant.ts';
import { onRecord } from './on-record.ts';
import type { MessageTurn } from './turn.ts';

export const connect: Command = {
  name: 'connect',
  aliases: ['onboard'],
  phrase: 'connect <tenant>',
  summary:
    'Gives the link with which an administrator of a tenant lets Switchyard in, and shows what is missing. For requesters.',
  run: async (services, turn, words) => {
    if (!turn.actor.roles.includes('requester')) {
      const message = 'Only a requester can ask a tenant for access, and you are not one here.';
      await onRecord(services, turn, { action: 'consent-asked', reason: message, about: {} });
      const next =
        'An operator can add you to the requesters. “access” and the name of the tenant shows how it stands.';
      return { card: errorCard({ code: 'not-allowed', message, next }) };
    }
    const tenant = await namedTenant(services, words);
    const link = await newLink(services, turn, tenant);
    const consent = { id: link.id, requester: turn.actor.name, link: shown(link), outcome: '' };
    // How far we get is looked at once the card is there, and shown on it: Microsoft may take its time.
    return { card: connectCard({ tenant, ladder: null, consent }), livingCardOf: consentCardKey(link.id) };
  },
};

/** A link that is bound to the person who asked, and told to where they asked; the audit trail keeps who it was. */
export function newLink(
  { consent }: Services,
  { actor, conversation }: Pick<MessageTurn, 'actor' | 'conversation'>,
  tenant: ManagedTenant,
): Promise<ConsentLink> {
  const asked = { actor, ...sourceOf(actor, conversation) };
  return consent.begin({ tenantId: tenant.id, requesterId: actor.objectId, conversation }, asked);
}

export function shown({ url, validForSeconds }: ConsentLink): { url: string; validForSeconds: number } {
  return { url: url.href, validForSeconds };
}
