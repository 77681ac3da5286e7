import { BadRequest } from '../http.ts';
import { isRecord } from './message.ts';

export const SEND_FAULTS = [
  'throttle-with-retry-after',
  'throttle',
  'precondition-failed',
  'server-error-before',
  'server-error-after',
  'hang',
  'hang-after',
  'slow',
  'not-in-roster',
  'not-found',
] as const;

export type SendFaultKind = (typeof SEND_FAULTS)[number];

export const OPERATIONS = ['create', 'send', 'update', 'delete', 'members', 'team'] as const;

export type Operation = (typeof OPERATIONS)[number];

/** A misbehaviour of the channel towards the bot's calls. */
export interface SendFault {
  readonly kind: SendFaultKind;
  readonly times: number;
  readonly operation: Operation | null;
  /** Control id. */
  readonly conversation: string | null;
  readonly retryAfterSeconds: number;
  readonly delayMs: number;
  readonly status: number;
}

/** How the channel delivers activities to the bot. Times are real milliseconds. */
export interface InboundSettings {
  /** How long the bot may take before the same activity is delivered again. */
  readonly answerWithinMs: number;
  /** How long after that it comes a third time, with a new id. */
  readonly newIdAfterMs: number;
  readonly redeliver: boolean;
  readonly delayMs: number;
  /** The next so many activities are delivered twice. */
  readonly duplicates: number;
  readonly duplicateNewId: boolean;
}

const USUAL: InboundSettings = {
  answerWithinMs: 15_000,
  newIdAfterMs: 30_000,
  redeliver: true,
  delayMs: 0,
  duplicates: 0,
  duplicateNewId: false,
};

/** What `POST /control/deliveries` sets. */
export class ChannelSettings {
  inbound: InboundSettings = USUAL;
  /** Teams' own limits on what a bot may send; `false` turns them off for bots that do not pace themselves. */
  limits = true;
  #sends: SendFault[] = [];

  reset(): void {
    this.inbound = USUAL;
    this.limits = true;
    this.#sends = [];
  }

  set(input: Readonly<Record<string, unknown>>): void {
    if (input['reset'] === true) this.reset();
    if (isRecord(input['inbound'])) this.inbound = { ...this.inbound, ...inboundOf(input['inbound']) };
    if (typeof input['limits'] === 'boolean') this.limits = input['limits'];
    const sends = input['sends'];
    if (sends === undefined) return;
    if (!Array.isArray(sends)) throw new BadRequest('sends must be a list of faults.');
    this.#sends = sends.map(sendFaultOf);
  }

  show(): Record<string, unknown> {
    return { inbound: this.inbound, limits: this.limits, sends: this.#sends };
  }

  takeDuplicate(): { newId: boolean } | null {
    if (this.inbound.duplicates <= 0) return null;
    this.inbound = { ...this.inbound, duplicates: this.inbound.duplicates - 1 };
    return { newId: this.inbound.duplicateNewId };
  }

  takeSendFault(operation: Operation, conversation: string | null): SendFault | null {
    const index = this.#sends.findIndex(
      (fault) =>
        (fault.operation === null || fault.operation === operation) &&
        (fault.conversation === null || fault.conversation === conversation),
    );
    const fault = this.#sends[index];
    if (!fault) return null;
    const left = fault.times - 1;
    this.#sends = left > 0 ? this.#sends.with(index, { ...fault, times: left }) : this.#sends.toSpliced(index, 1);
    return fault;
  }
}

function inboundOf(input: Readonly<Record<string, unknown>>): Partial<InboundSettings> {
  const known = Object.entries(USUAL);
  const unknown = Object.keys(input).find((name) => !known.some(([field]) => field === name));
  if (unknown) throw new BadRequest(`inbound has no field ${unknown}; it has ${Object.keys(USUAL).join(', ')}.`);
  for (const [name, usual] of known) {
    const value = input[name];
    if (value === undefined) continue;
    const fits = typeof value === typeof usual && (typeof value !== 'number' || value >= 0);
    if (!fits) throw new BadRequest(`inbound.${name} must be a ${typeof usual} that is not negative.`);
  }
  return input;
}

function sendFaultOf(input: unknown): SendFault {
  const fault = isRecord(input) ? input : {};
  const kind = SEND_FAULTS.find((name) => name === fault['kind']);
  if (!kind) throw new BadRequest(`The kind of a send fault must be one of ${SEND_FAULTS.join(', ')}.`);
  const operation = fault['operation'] ?? null;
  const known = OPERATIONS.find((name) => name === operation) ?? null;
  if (operation !== null && !known) throw new BadRequest(`operation must be one of ${OPERATIONS.join(', ')}.`);
  return {
    kind,
    operation: known,
    times: numberOf(fault, 'times', 1),
    conversation: typeof fault['conversation'] === 'string' ? fault['conversation'] : null,
    retryAfterSeconds: numberOf(fault, 'retryAfterSeconds', 1),
    delayMs: numberOf(fault, 'delayMs', 1000),
    status: numberOf(fault, 'status', 502),
  };
}

function numberOf(input: Readonly<Record<string, unknown>>, name: string, usual: number): number {
  const value = input[name] ?? usual;
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  throw new BadRequest(`${name} must be a number that is not negative.`);
}
