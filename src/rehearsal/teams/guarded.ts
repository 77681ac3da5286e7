import { setTimeout as wait } from 'node:timers/promises';
import { BOT_APP_ID, BOT_TOKEN_ISSUER } from '../entra/rehearsal-identity.ts';
import type { Fault } from '../faults.ts';
import { type Handler, json, type RehearsalRequest, type RehearsalResponse } from '../http.ts';
import type { Operation, SendFaultKind } from './channel-settings.ts';
import { ConnectorError, conversationNotFound, notInRoster, throttled } from './connector-error.ts';
import { parseWireId } from './conversations.ts';
import type { Teams } from './teams.ts';

type Run = (request: RehearsalRequest) => RehearsalResponse;

interface Misbehaviour {
  readonly kind: SendFaultKind;
  readonly retryAfterSeconds: number;
  readonly delayMs: number;
  readonly status: number;
}

/** The kinds of `POST /control/faults` that have a meaning here, as faults of the channel. */
const GENERAL_KINDS: Partial<Record<Fault['kind'], SendFaultKind>> = {
  'throttle-with-retry-after': 'throttle-with-retry-after',
  throttle: 'throttle',
  'server-error-before': 'server-error-before',
  'server-error-after': 'server-error-after',
  'hang-after': 'hang-after',
  slow: 'slow',
  'lost-role': 'not-in-roster',
};

/** Wraps a call of the Bot connector: token check, armed faults, limits, refusals in its own shape, journal. */
export function guarded(teams: Teams, operation: Operation, run: Run): Handler {
  return async (request) => {
    const started = performance.now();
    const response = await play(teams, operation, request, run);
    const { error } = (response.body ?? {}) as { error?: { code?: string } };
    teams.world.journal.add({
      where: 'teams',
      direction: 'from-bot',
      operation,
      conversation: conversationOf(teams, request),
      activityId: request.params['activityId'] ?? null,
      outcome: response.hang ? 'hang' : (error?.code ?? 'ok'),
      status: response.status,
      durationMs: Math.round(performance.now() - started),
    });
    return response;
  };
}

async function play(teams: Teams, operation: Operation, request: RehearsalRequest, run: Run) {
  try {
    await requireBotToken(teams, request);
    const fault = takeFault(teams, operation, request);
    if (fault?.kind === 'slow') await wait(fault.delayMs);
    const before = fault && playedBefore(fault);
    if (before) return before;
    const limited = limitOf(teams, operation, request);
    if (limited) return limited;
    const response = run(request);
    if (fault?.kind === 'server-error-after') return serverError(fault.status);
    return fault?.kind === 'hang-after' ? { ...response, hang: true } : response;
  } catch (error) {
    if (error instanceof ConnectorError) return error.response();
    throw error;
  }
}

async function requireBotToken({ world }: Teams, { headers }: RehearsalRequest): Promise<void> {
  const [scheme, token] = (headers.authorization ?? '').split(' ');
  const claims = scheme === 'Bearer' && token ? await world.identity.verify(token, BOT_TOKEN_ISSUER) : null;
  if (claims?.['appid'] === BOT_APP_ID) return;
  throw new ConnectorError(401, 'Unauthorized', 'Authorization has been denied for this request.');
}

function takeFault(teams: Teams, operation: Operation, request: RehearsalRequest): Misbehaviour | null {
  const conversation = conversationOf(teams, request);
  const own = teams.settings.takeSendFault(operation, conversation);
  if (own) return own;
  const general = teams.world.faults.take('teams', { operation, conversation: conversation ?? undefined });
  const kind = general && GENERAL_KINDS[general.kind];
  if (!general || !kind) return null;
  return { kind, retryAfterSeconds: general.seconds, delayMs: general.delayMs, status: general.status };
}

function playedBefore(fault: Misbehaviour): RehearsalResponse | null {
  switch (fault.kind) {
    case 'throttle-with-retry-after':
      return throttled().response({ 'retry-after': String(fault.retryAfterSeconds) });
    case 'throttle':
      return throttled().response();
    case 'precondition-failed':
      return new ConnectorError(412, 'PreconditionFailed', 'Precondition failed, please retry.').response();
    case 'server-error-before':
      return serverError(fault.status);
    case 'hang':
      return { status: 504, hang: true };
    case 'not-in-roster':
      return notInRoster().response();
    case 'not-found':
      return conversationNotFound().response();
    default:
      return null;
  }
}

function limitOf(teams: Teams, operation: Operation, request: RehearsalRequest): RehearsalResponse | null {
  if (!teams.settings.limits || (operation !== 'send' && operation !== 'create')) return null;
  const seconds = teams.limit.take(request.params['conversationId'] ?? 'create', teams.world.clock.now());
  return seconds === null ? null : throttled().response({ 'retry-after': String(seconds) });
}

function serverError(status: number): RehearsalResponse {
  return json(status, { error: { code: 'ServiceError', message: 'The service failed. (rehearsed fault)' } });
}

function conversationOf(teams: Teams, { params }: RehearsalRequest): string | null {
  const id = params['conversationId'];
  return id === undefined ? null : (teams.state.conversation(parseWireId(id).wireId)?.id ?? id);
}
