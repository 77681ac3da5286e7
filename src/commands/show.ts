import { requestCard } from '../views/request-card.ts';
import type { Command } from './command.ts';
import { namedRequest } from './named-request.ts';

export const show: Command = {
  name: 'show',
  aliases: [],
  phrase: 'show <request>',
  summary: 'Shows one request with its exact plan. Decide on its own card, where it was asked.',
  run: async (services, _turn, words) => {
    const request = await namedRequest(services, words);
    return { card: requestCard(request, services.clock.now(), { buttons: false }) };
  },
};
