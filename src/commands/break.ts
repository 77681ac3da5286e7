import { mayBeStartedAlone, startAloneCardKey } from '../core/break-glass.ts';
import { InvalidInputError } from '../core/errors.ts';
import { startAloneCard } from '../views/start-alone.ts';
import type { Command, Services } from './command.ts';
import { namedRequest } from './named-request.ts';
import { placeKey } from './place-key.ts';
import { reasonBehind } from './reason-behind.ts';
import { refusalCard } from './refusal.ts';
import type { MessageTurn, Reply } from './turn.ts';

const phrase = 'break glass <request> <reason>';

export const breakGlass: Command = {
  name: 'break',
  aliases: [],
  phrase,
  summary:
    'Starts a planned request alone in an emergency, after showing you the plan: everybody is told, and you answer for it. For those the policy names.',
  run: (services, turn, words) => {
    const [first = '', ...rest] = words;
    if (first.toLowerCase() === 'glass') return confirm(services, turn, rest);
    throw new InvalidInputError('An emergency start needs both words: break glass.', {
      operation: 'start a request alone',
      next: `Type “${phrase}”. To withdraw a request type “cancel <request>”.`,
    });
  },
};

/** A sentence does not say which plan was read, so it starts nothing: the button below the plan does. */
async function confirm(
  services: Services,
  { actor, conversation }: MessageTurn,
  words: readonly string[],
): Promise<Reply> {
  const request = await namedRequest(services, words);
  const { plan } = request;
  const reason = reasonBehind(words).replace(/^because\b[,:]?\s*/iu, '');
  if (plan && actor.roles.includes('break-glass') && mayBeStartedAlone(request)) {
    const card = startAloneCard({ request, plan, reason, place: placeKey(conversation) });
    return { card, livingCardOf: startAloneCardKey(request.id) };
  }
  const unread = { type: 'break-glass', actor, reason, digest: '', nonce: '' } as const;
  const result = await services.gate.submit(request.id, unread, request);
  if (result.kind === 'refused') return { card: refusalCard(result) };
  throw new Error('An emergency start without a plan came about.');
}
