import { connect, type Socket } from 'node:net';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import pLimit, { type LimitFunction } from 'p-limit';
import type { SmtpProbe, SmtpProbeRequest, SmtpProbeResult } from '../../ports/smtp-probe.ts';
import { Dialogue } from './dialogue.ts';
import { isProbeTarget } from './probe-target.ts';
import { oneLine } from './reply-line.ts';

export interface ProbeOptions {
  /** 25 in the real world. */
  readonly port: number;
  /** The public addresses this machine appears from. */
  readonly egressAddresses: readonly string[];
  /** For a rehearsal only. */
  readonly allowLoopback: boolean;
  /** PEM of authorities to trust besides the public ones. */
  readonly extraCa?: readonly string[];
  /** Name announced in EHLO. */
  readonly name?: string;
  readonly connectMs?: number;
  readonly totalMs?: number;
}

const perTarget = 3;
const usual = { name: 'probe.invalid', connectMs: 5000, totalMs: 15_000 };

export function createSmtpProbe(options: ProbeOptions): SmtpProbe {
  const settings = { ...usual, ...options };
  // Reading all the certificates takes 15 ms of processor, which is too much for each dialogue.
  let context: SecureContext | undefined;
  const secureContext = (): SecureContext => {
    context ??= trusting(settings.extraCa);
    return context;
  };
  const limits = new Map<string, LimitFunction>();
  return {
    egressAddresses: settings.egressAddresses,
    async probe(request, signal) {
      const refusal = refusalOf(request, settings.allowLoopback);
      if (refusal) return refusal;
      const until = deadline(settings.totalMs, signal);
      const limit = limits.get(request.address) ?? pLimit(perTarget);
      limits.set(request.address, limit);
      try {
        return await limit(() => probeOnce(request, { ...settings, secureContext }, until));
      } finally {
        if (limit.activeCount + limit.pendingCount === 0) limits.delete(request.address);
      }
    },
  };
}

/** Both are checked here and not only by callers: a line break in an address would be a command of its own. */
function refusalOf({ host, address, from, to }: SmtpProbeRequest, allowLoopback: boolean): SmtpProbeResult | null {
  if (!isProbeTarget(address, allowLoopback)) {
    const detail = oneLine(`${address} is not a public address: the probe connects to nothing else`);
    return { kind: 'failure', stage: 'connect', reason: 'refused-address', detail };
  }
  if (isMailbox(to) && (from === '' || isMailbox(from)) && isHostName(host)) return null;
  const detail = oneLine(`not usable as an SMTP envelope: from <${from}>, to <${to}>, host ${host}`);
  return { kind: 'failure', stage: 'connect', reason: 'protocol', detail };
}

function isMailbox(text: string): boolean {
  return text.length <= 254 && /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)*$/iu.test(text);
}

function isHostName(text: string): boolean {
  return text.length <= 253 && /^[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/iu.test(text);
}

function deadline(milliseconds: number, signal?: AbortSignal): AbortSignal {
  const timeout = AbortSignal.timeout(milliseconds);
  return signal ? AbortSignal.any([timeout, signal]) : timeout;
}

type Settings = ProbeOptions & typeof usual & { readonly secureContext: () => SecureContext };

function trusting(extraCa: readonly string[] | undefined): SecureContext {
  const ca = extraCa ? { ca: [...rootCertificates, ...extraCa] } : {};
  return createSecureContext({ minVersion: 'TLSv1.2', ...ca });
}

async function probeOnce(request: SmtpProbeRequest, settings: Settings, signal: AbortSignal): Promise<SmtpProbeResult> {
  const socket = await open(request.address, settings, signal);
  if ('kind' in socket) return socket;
  return new Dialogue(request, socket, { name: settings.name, secureContext: settings.secureContext() }).run(signal);
}

function open(
  address: string,
  { port, connectMs }: Settings,
  signal: AbortSignal,
): Promise<Socket | Extract<SmtpProbeResult, { kind: 'failure' }>> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, family: 4 });
    const settle = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', late);
      socket.removeAllListeners('error');
      socket.on('error', () => undefined);
    };
    const fail = (reason: 'unreachable' | 'timeout', detail: string): void => {
      settle();
      socket.destroy();
      resolve({ kind: 'failure', stage: 'connect', reason, detail: oneLine(detail) });
    };
    const late = (): void => fail('timeout', `no connection to ${address}:${port} in time`);
    const timer = setTimeout(late, connectMs);
    signal.addEventListener('abort', late, { once: true });
    if (signal.aborted) late();
    socket.once('error', (error) => fail('unreachable', error.message));
    socket.once('connect', () => {
      settle();
      resolve(socket);
    });
  });
}
