import type { IncomingMessage } from 'node:http';

const LARGEST_BYTES = 256 * 1024;
const DEEPEST = 20;
const WITHIN_MS = 15_000;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Why a body was not taken; `status` is the HTTP status of the answer. */
export class BodyError extends Error {
  override readonly name = 'BodyError';
  readonly status: 400 | 408 | 413 | 415;

  constructor(status: BodyError['status'], message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * What the headers alone forbid. Compressed bodies are refused: unpacking them is how a small request becomes a large
 * one, and a broken one ends the process in the usual readers.
 */
export function checkBodyHeaders({ headers }: Pick<IncomingMessage, 'headers'>): void {
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  if (type.trim().toLowerCase() !== 'application/json') throw new BodyError(415, 'only application/json');
  if (headers['content-encoding'] !== undefined) throw new BodyError(415, 'no content encoding');
  if (Number(headers['content-length'] ?? 0) > LARGEST_BYTES) throw new BodyError(413, 'too large');
}

/** The JSON object in the body of a request. Errors: BodyError. */
export async function readJsonBody(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  checkBodyHeaders(request);
  const value = parse(await readAll(request));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new BodyError(400, 'no JSON object');
  if (isUnfit(value, 1)) throw new BodyError(400, 'too deep, or a reserved name');
  return { ...value };
}

function readAll(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const refuse = (status: BodyError['status'], why: string): void => {
      clearTimeout(timer);
      request.off('data', take);
      reject(new BodyError(status, why));
    };
    const take = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > LARGEST_BYTES) refuse(413, 'too large');
      else chunks.push(chunk);
    };
    const timer = setTimeout(() => refuse(408, 'too slow'), WITHIN_MS);
    request.on('data', take);
    request.once('error', () => refuse(400, 'broken off'));
    request.once('close', () => {
      if (!request.complete) refuse(400, 'broken off');
    });
    request.once('end', () => {
      clearTimeout(timer);
      resolve(Buffer.concat(chunks));
    });
  });
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    throw new BodyError(400, 'no JSON');
  }
}

function isUnfit(value: object, depth: number): boolean {
  if (depth > DEEPEST || Object.hasOwn(value, '__proto__')) return true;
  return Object.values(value).some((item) => typeof item === 'object' && item !== null && isUnfit(item, depth + 1));
}
