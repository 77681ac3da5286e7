import { requestCard } from '../views/request-card.ts';
import type { Command } from './command.ts';
import { namedRequest } from './named-request.ts';
import { refusalCard } from './refusal.ts';

export const cancel: Command = {
  name: 'cancel',
  aliases: ['stop', 'withdraw'],
  phrase: 'cancel <request>',
  summary:
    'Withdraws a request, or stops its run and takes back what it did. For its requester and approvers; once approved, for operators too.',
  run: async (services, turn, words) => {
    const request = await namedRequest(services, words);
    const result = await services.gate.submit(request.id, { type: 'cancel', actor: turn.actor });
    if (result.kind === 'refused') return { card: refusalCard(result) };
    return { card: requestCard(result.request, services.clock.now(), { buttons: false }) };
  },
};
