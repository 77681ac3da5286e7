import { consentName } from '../../core/consent-name.ts';
import type { ConsentStore } from '../../ports/admin-consent.ts';
import type { Failpoints } from './failpoints.ts';
import { withPoints } from './with-points.ts';

/** The name under which the points of consent links are ordered; in place of the tenant's name stands its id. */
const workflow = 'connect';

/** Failpoints around every write of a consent link. Whoever writes has looked the link up before. */
export function chaosConsents(failpoints: Failpoints, consents: ConsentStore): ConsentStore {
  const know = (id: string, tenantId: string): void =>
    failpoints.know({ id: consentName(id), tenant: { name: tenantId }, workflow });
  const pointOf = (name: string) => (id: string) => ({ name, requestId: consentName(id) });
  const pointed = withPoints<ConsentStore>(failpoints, consents, {
    add: pointOf('giving out the link'),
    take: pointOf('taking the link'),
    settle: pointOf('settling the link'),
    shownOn: pointOf('remembering the card of the link'),
  });
  return {
    signingKey: () => pointed.signingKey(),
    add: (id, request, validForSeconds, asked) => {
      know(id, request.tenantId);
      return pointed.add(id, request, validForSeconds, asked);
    },
    find: async (id) => {
      const request = await pointed.find(id);
      if (request) know(id, request.tenantId);
      return request;
    },
    take: (id, withinSeconds) => pointed.take(id, withinSeconds),
    settle: (id, outcome) => pointed.settle(id, outcome),
    outcomeOf: (id) => pointed.outcomeOf(id),
    secondsLeft: (id) => pointed.secondsLeft(id),
    cardOf: (id) => pointed.cardOf(id),
    shownOn: (id, card) => pointed.shownOn(id, card),
  };
}
