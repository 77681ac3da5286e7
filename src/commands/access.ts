import { connectCard } from '../views/connect.ts';
import type { Command } from './command.ts';
import { namedTenant } from './named-tenant.ts';

/** Real milliseconds a person waits at most; Microsoft that does not answer by then is an answer too. */
const patience = 10_000;

export const access: Command = {
  name: 'access',
  aliases: ['rights'],
  phrase: 'access <tenant>',
  summary: 'Shows how far a tenant lets Switchyard in, and who gives what is missing.',
  run: async (services, _turn, words) => {
    const tenant = await namedTenant(services, words);
    const ladder = await services.ladder.climb(tenant.id, AbortSignal.timeout(patience));
    return { card: connectCard({ tenant, ladder, consent: null }) };
  },
};
