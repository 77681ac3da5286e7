import { z } from 'zod/v4';
import { connectCard } from '../../views/connect.ts';
import type { Action } from '../command.ts';
import { newLink, shown } from '../connect.ts';
import type { ActionAnswer } from '../turn.ts';

/** All that the button carries. */
const ButtonData = z.strictObject({ link: z.string().regex(/^[\w-]{43}$/u) });

/** Looks again how far a tenant lets us in. When the link is used up, the one who clicks gets a new one. */
export const connectCheck: Action = {
  verb: 'connect-check',
  run: async (services, { actor, conversation, messageId, data }) => {
    const parsed = ButtonData.safeParse(data);
    if (!parsed.success) return failed(400, 'invalid-input', 'This button carries something I did not put there.');
    const standing = await services.consent.standingOf(parsed.data.link);
    const tenant = (await services.tenants.managed()).find(({ id }) => id === standing?.request.tenantId);
    if (!standing || !tenant || standing.request.conversation !== conversation) {
      return failed(404, 'unknown-link', 'This link is not known here. Ask again: connect and the name of the tenant.');
    }
    if (!actor.roles.includes('requester')) {
      return failed(403, 'not-allowed', 'Only a requester can ask a tenant for access, and you are not one here.');
    }
    const isTheirs = standing.request.requesterId === actor.objectId;
    const open = isTheirs ? standing.link : null;
    const link = open ?? (await newLink(services, { actor, conversation }, tenant));
    const card = messageId === null ? standing.card : { conversation, messageId };
    if (card) await services.consent.shownOn(link.id, card);
    const consent = { id: link.id, requester: actor.name, link: shown(link), outcome: '' };
    return { kind: 'card', card: connectCard({ tenant, ladder: null, consent }) };
  },
};

function failed(status: 400 | 403 | 404, code: string, message: string): ActionAnswer {
  return { kind: 'error', status, code, message };
}
