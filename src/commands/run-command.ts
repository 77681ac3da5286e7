import { looksLikeRequestId, type ProvisioningRequest } from '../core/request.ts';
import type { RequestEvent } from '../core/request-event.ts';
import { requestCard } from '../views/request-card.ts';
import type { Command, Services } from './command.ts';
import { namedRequest } from './named-request.ts';
import { refusalCard } from './refusal.ts';
import type { MessageTurn, Reply } from './turn.ts';

/** Longer reasons are cut: they are shown on cards and kept in the audit trail. */
const longestReason = 300;

/** A command about one request, in whose run it steps; what follows the id is the reason. */
export function runCommand(
  described: Omit<Command, 'run'>,
  eventOf: (turn: MessageTurn, reason: string, request: ProvisioningRequest) => RequestEvent,
): Command {
  return { ...described, run: (services, turn, words) => submit(services, turn, words, eventOf) };
}

async function submit(
  services: Services,
  turn: MessageTurn,
  words: readonly string[],
  eventOf: (turn: MessageTurn, reason: string, request: ProvisioningRequest) => RequestEvent,
): Promise<Reply> {
  const request = await namedRequest(services, words);
  const id = words.findIndex((word) => looksLikeRequestId(word.replace(/[.,:;!?]+$/u, '')));
  const reason = words
    .slice(id + 1)
    .join(' ')
    .slice(0, longestReason);
  const result = await services.gate.submit(request.id, eventOf(turn, reason, request));
  if (result.kind === 'refused') return { card: refusalCard(result) };
  return { card: requestCard(result.request, services.clock.now(), { buttons: false }) };
}
