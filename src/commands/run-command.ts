import type { ProvisioningRequest } from '../core/request.ts';
import type { RequestEvent } from '../core/request-event.ts';
import { requestCard } from '../views/request-card.ts';
import type { Command, Services } from './command.ts';
import { namedRequest } from './named-request.ts';
import { reasonBehind } from './reason-behind.ts';
import { refusalCard } from './refusal.ts';
import type { MessageTurn, Reply } from './turn.ts';

/** A command about one request, in whose run it steps; what follows the id is the reason, read by `said`. */
export function runCommand(
  described: Omit<Command, 'run'>,
  eventOf: (turn: MessageTurn, reason: string, request: ProvisioningRequest) => RequestEvent,
  said: (words: readonly string[]) => string = reasonBehind,
): Command {
  return {
    ...described,
    run: (services, turn, words) => submit(services, words, (request) => eventOf(turn, said(words), request)),
  };
}

async function submit(
  services: Services,
  words: readonly string[],
  eventOf: (request: ProvisioningRequest) => RequestEvent,
): Promise<Reply> {
  const request = await namedRequest(services, words);
  const result = await services.gate.submit(request.id, eventOf(request));
  if (result.kind === 'refused') return { card: refusalCard(result) };
  return { card: requestCard(result.request, services.clock.now(), { buttons: false }) };
}
