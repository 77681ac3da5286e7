import { distance } from 'fastest-levenshtein';
import { describeError } from '../core/errors.ts';
import type { ProvisioningRequest } from '../core/request.ts';
import { askBackCard } from '../views/ask-back.ts';
import { errorCard } from '../views/error.ts';
import { requestCard } from '../views/request-card.ts';
import { requestRow } from '../views/request-row.ts';
import { actions } from './actions/index.ts';
import type { Command, Services } from './command.ts';
import { consentIdOf } from './consent-card-key.ts';
import { decidedNowhere } from './decided-elsewhere.ts';
import { commands } from './index.ts';
import { openRequestFor } from './open-request.ts';
import type { ActionAnswer, ActionTurn, Dispatcher, MessageTurn, Reply } from './turn.ts';
import { understandRequest } from './understand.ts';

/** Longer texts are no commands; they are refused before anything looks at them. */
const longestCommand = 1000;

/** The chat side of the product over the services it may use. `onError` is told about what nobody expected. */
export function createDispatcher(services: Services, onError: (error: unknown) => void): Dispatcher {
  return {
    message: (turn) => reporting(() => answer(services, turn), onError),
    action: (turn) => acting(services, turn, onError),
    posted: async (requestId, message) => {
      const consentId = consentIdOf(requestId);
      if (consentId !== null) return services.consent.shownOn(consentId, message);
      await services.messages.rememberCard(requestId, message);
    },
  };
}

async function reporting(work: () => Promise<Reply>, onError: (error: unknown) => void): Promise<Reply> {
  try {
    return await work();
  } catch (error) {
    const described = describeError(error);
    if (described.code === 'internal') onError(error);
    return { card: errorCard(described) };
  }
}

async function answer(services: Services, turn: MessageTurn): Promise<Reply> {
  const text = turn.text.trim();
  if (text.length > longestCommand) {
    const message = `That is ${text.length} characters long; a command has at most ${longestCommand}.`;
    return { card: errorCard({ code: 'invalid-input', message, next: 'Type help for what can be said.' }) };
  }
  const [first = 'help', ...rest] = text === '' ? ['help'] : text.split(/\s+/);
  const command = commandNamed(first.toLowerCase().replace(/[.,:;!]+$|(?<=.)\?+$/u, ''));
  if (command) return command.run(services, turn, rest);
  const understood = understandRequest(text, services.workflows);
  if (understood.kind === 'unclear') {
    return { card: askBackCard({ what: 'command', given: text.slice(0, 120), suggestions: understood.suggestions }) };
  }
  if (understood.kind === 'nothing') return { card: notUnderstood(text, first.toLowerCase()) };
  const workflow = services.workflows.find(({ name }) => name === understood.workflow);
  if (!workflow) return { card: notUnderstood(text, first) };
  const { actor, conversation, activityId, scope } = turn;
  const barred = scope === 'personal' ? await decidedNowhere(services, conversation, text.slice(0, 200)) : null;
  if (barred) return { card: barred };
  const seed = `message:${conversation}:${activityId}`;
  const opened = await openRequestFor(services, workflow, {
    actor,
    conversation,
    seed,
    values: understood.values,
    filled: false,
  });
  if (opened.kind === 'asked-back') return { card: opened.card };
  const { request } = opened;
  if (opened.kind === 'existing') return { card: askedAlready(request) };
  return { card: requestCard(request, services.clock.now()), livingCardOf: request.id };
}

/** Not a second card of the request: only the first one lives, and a copy would show for ever what holds now. */
function askedAlready(request: ProvisioningRequest): Reply['card'] {
  const { id, title, state, requester } = requestRow(request);
  const message = `This is what ${id} asks for already: ${title} (${state}). Nothing new was opened.`;
  const next = `Its card is where ${requester} asked; “show ${id}” shows here how it stands.`;
  return errorCard({ code: 'asked-already', message, next });
}

function commandNamed(word: string): Command | undefined {
  return commands.find(({ name, aliases }) => name === word || aliases.includes(word));
}

function notUnderstood(text: string, first: string): Reply['card'] {
  const near = commands.filter(({ name }) => distance(name, first) <= 2).map(({ phrase }) => phrase);
  return askBackCard({ what: 'command', given: text.slice(0, 120), suggestions: near });
}

async function acting(services: Services, turn: ActionTurn, onError: (error: unknown) => void): Promise<ActionAnswer> {
  const action = actions.find(({ verb }) => verb === turn.verb);
  if (!action) return { kind: 'error', status: 400, code: 'unknown-verb', message: 'This button is not one of mine.' };
  try {
    return await action.run(services, turn);
  } catch (error) {
    const { code, message, next } = describeError(error);
    if (code === 'internal') onError(error);
    const status = { 'invalid-input': 400, refused: 403 }[code] ?? 500;
    return { kind: 'error', status: status as 400 | 403 | 500, code, message: `${message} ${next}`.trim() };
  }
}
