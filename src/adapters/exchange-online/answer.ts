import { z } from 'zod/v4';
import type { Reply } from './transport.ts';

/** One object of an answer, still as it came. */
export type Row = Readonly<Record<string, unknown>>;

/** What a cmdlet answered when it worked. */
export interface Answer {
  readonly rows: readonly Row[];
  readonly warnings: readonly string[];
  readonly nextLink: string | null;
}

const Success = z.object({
  /** A report of an error tells of no success, whatever the status beside it says. */
  error: z.null().optional(),
  value: z.array(z.record(z.string(), z.unknown())).nullish(),
  '@odata.nextLink': z.string().max(8192).nullish(),
  '@adminapi.warnings': z.array(z.string()).nullish(),
});

const Batch = z.object({ responses: z.array(z.looseObject({})) });
const BatchItem = z.object({ id: z.string(), status: z.literal(200).optional(), body: z.looseObject({}) });

const Detail = z.object({ code: z.string().nullish(), message: z.string().nullish() });

const Failure = z.object({
  error: z.object({
    code: z.string().nullish(),
    message: z.string().nullish(),
    details: z.array(Detail).nullish(),
    innererror: z
      .object({
        message: z.string().nullish(),
        internalexception: z.object({ message: z.string().nullish(), type: z.string().nullish() }).nullish(),
      })
      .nullish(),
  }),
});

/** Of a call that could not be bound to its cmdlet. Some come without details. */
const neverRan = /^Microsoft\.Exchange\.AdminApi\.CommandInvocation\./u;
/** What .NET says of an exception that was thrown without words. */
const saysNothing = /^Exception of type '[\w.+`]+' was thrown\.?$/u;

/** What Exchange says went wrong. */
export interface ErrorReport {
  /** Whether the body was an error report at all. */
  readonly isReport: boolean;
  /** For instance `NotFound` or `BadRequest`. */
  readonly code: string;
  /** Full name of the exception, '' when not told. */
  readonly type: string;
  readonly message: string;
  /** Whether Exchange blames the values that were sent. */
  readonly isOurs: boolean;
}

/** The answer in a body that came with a success status, or null when it is not one. A read without a list is none. */
function parseAnswer(body: unknown, effect: 'read' | 'write'): Answer | null {
  const { data } = Success.safeParse(body);
  if (!data || (effect === 'read' && !data.value)) return null;
  return {
    rows: data.value ?? [],
    warnings: (data['@adminapi.warnings'] ?? []).map(plainText).filter((warning) => warning !== ''),
    nextLink: data['@odata.nextLink'] || null,
  };
}

/** The answer of a call that succeeded. What some warn of in the body, others warn of in a header. */
export function answerOf({ status, text, headers }: Reply, effect: 'read' | 'write'): Answer | null {
  const answer = parseAnswer(status === 204 ? {} : parseJson(text), effect);
  const warning = plainText(headers.get('x-warnings') ?? '');
  return answer && answer.warnings.length === 0 && warning !== '' ? { ...answer, warnings: [warning] } : answer;
}

/** Whether an answer ends before the end without a further page, which only a warning tells. */
export function isCutShort({ warnings, nextLink }: Answer): boolean {
  return nextLink === null && warnings.some((warning) => /ResultSize/iu.test(warning));
}

/** Of a batch of reads, the answers that are successful, understood and not cut short, by request id; some have more pages. */
export function batchAnswers(body: unknown): ReadonlyMap<string, Answer> {
  const responses = Batch.safeParse(body).data?.responses ?? [];
  const answers = new Map<string, Answer>();
  for (const response of responses) {
    const item = BatchItem.safeParse(response).data;
    // Of two answers to one request nobody knows which is the right one.
    if (!item || responses.filter(({ id }) => id === item.id).length > 1) continue;
    const answer = parseAnswer(item.body, 'read');
    if (answer && !isCutShort(answer)) answers.set(item.id, answer);
  }
  return answers;
}

/** The error report in a body, in the order of how much its texts tell. */
export function parseFailure(body: unknown): ErrorReport {
  const { data } = Failure.safeParse(body);
  if (!data) return { isReport: false, code: '', type: '', message: '', isOurs: false };
  const { code, message, details, innererror } = data.error;
  const [detail] = details ?? [];
  const inner = splitDetail(innererror?.internalexception?.message ?? '');
  const outer = splitDetail(detail?.message ?? '');
  const type = outer.type || inner.type || (innererror?.internalexception?.type ?? '');
  const texts = [inner.text, outer.text, message, innererror?.message].filter((candidate) => candidate);
  return {
    isReport: true,
    code: code ?? '',
    type,
    message: plainText(texts.find((candidate) => !saysNothing.test(candidate ?? '')) ?? texts[0] ?? ''),
    isOurs: (detail?.code === 'Client' && type !== '') || neverRan.test(type),
  };
}

/** Text from outside as one line without control characters. */
export function plainText(text: string): string {
  return text
    .slice(0, 4000)
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, 600);
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `Ex6F9304|Full.Type.Name|words for people`; the first part may be empty. */
function splitDetail(message: string): { type: string; text: string } {
  const [, type = '', text = message] = /^(?:Ex[0-9A-F]{6})?\|([\w.+`]+)\|(.*)$/su.exec(message) ?? [];
  if (!type.endsWith('.CmdletProxyException')) return { type, text };
  // The server that the cmdlet was passed on to answered this report, which is quoted whole.
  const [, innerType, innerText] = /"(?:Ex[0-9A-F]{6})?\|([\w.+`]+)\|((?:[^"\\]|\\.)*)"/su.exec(text) ?? [];
  return innerType === undefined || innerText === undefined ? { type, text } : { type: innerType, text: innerText };
}
