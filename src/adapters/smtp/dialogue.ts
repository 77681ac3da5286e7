import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { SmtpProbeRequest, SmtpProbeResult, SmtpStage } from '../../ports/smtp-probe.ts';
import { oneLine, parseReply } from './reply-line.ts';

type Failure = Extract<SmtpProbeResult, { kind: 'failure' }>;

export interface DialogueOptions {
  /** Name announced in EHLO. */
  readonly name: string;
  /** Whom to trust, and the oldest TLS that is spoken. */
  readonly secureContext: SecureContext;
}

const maxReplyOctets = 16_384;
const maxOctets = 65_536;
const watchMs = 50;
const closeMs = 1000;
const phaseMs = 15_000;

/**
 * One SMTP dialogue over an open socket: greeting, EHLO, STARTTLS, MAIL, RCPT, and never DATA.
 * The library's own `send` would go on to deliver, so the commands are sent from an authentication handler.
 */
export class Dialogue {
  #stage: SmtpStage = 'greeting';
  #greetingHost = '';
  readonly #request: SmtpProbeRequest;
  readonly #socket: Socket;
  readonly #connection: SMTPConnection;

  constructor(request: SmtpProbeRequest, socket: Socket, { name, secureContext }: DialogueOptions) {
    this.#request = request;
    this.#socket = socket;
    this.#connection = new SMTPConnection({
      connection: socket,
      host: request.address,
      servername: request.host,
      name,
      requireTLS: true,
      tls: { servername: request.host, secureContext },
      connectionTimeout: phaseMs,
      greetingTimeout: phaseMs,
      socketTimeout: phaseMs,
      socketCloseTimeout: closeMs,
      maxResponseSize: maxReplyOctets,
      transactionLog: true,
      logger: this.#observer(),
      customAuth: { PROBE: (session) => this.#ask((command) => session.sendCommand(command)) },
    });
  }

  /** The final reply or what prevented it. An abort counts as a time-out. */
  run(signal: AbortSignal): Promise<SmtpProbeResult> {
    return new Promise((resolve) => {
      const finish = (result: SmtpProbeResult): void => {
        clearInterval(watch);
        signal.removeEventListener('abort', giveUp);
        resolve(result);
        // After a reply the host is told good-bye, but not waited for.
        if (result.kind === 'failure') this.#connection.close();
        else setTimeout(() => this.#connection.close(), closeMs).unref();
      };
      const giveUp = (): void => finish(this.#failure('timeout', 'no answer in time'));
      const watch = setInterval(() => {
        if (this.#socket.bytesRead > maxOctets) finish(this.#failure('protocol', `more than ${maxOctets} octets`));
      }, watchMs);
      this.#answer = finish;
      if (signal.aborted) giveUp();
      signal.addEventListener('abort', giveUp, { once: true });
      this.#connection.on('error', (error) => finish(this.#outcomeOf(error)));
      this.#connection.once('end', () => finish(this.#failure('connection-closed', 'the host closed the connection')));
      this.#connection.connect((error) => {
        if (error) finish(this.#outcomeOf(error));
        else this.#connection.login({ method: 'PROBE' }, () => this.#connection.quit());
      });
    });
  }

  #answer: (result: SmtpProbeResult) => void = () => undefined;

  async #ask(send: (command: string) => Promise<{ response: string }>): Promise<void> {
    this.#stage = 'mail';
    const mail = await send(`MAIL FROM:<${this.#request.from}>`);
    if (!mail.response.startsWith('2')) {
      this.#answer(this.#reply(mail.response));
      return;
    }
    this.#stage = 'rcpt';
    const rcpt = await send(`RCPT TO:<${this.#request.to}>`);
    this.#answer(this.#reply(rcpt.response));
    await send('RSET');
  }

  #reply(raw: string): SmtpProbeResult {
    const { code, enhancedCode, text } = parseReply(raw);
    if (code < 200 || code > 599) return this.#failure('protocol', `not an SMTP reply: ${text}`);
    const tls = this.#stage === 'mail' || this.#stage === 'rcpt' || this.#connection.secure;
    return { kind: 'reply', stage: this.#stage, code, enhancedCode, text, tls, greetingHost: this.#greetingHost };
  }

  #failure(reason: Failure['reason'], detail: string): Failure {
    return { kind: 'failure', stage: this.#stage, reason, detail: oneLine(detail) };
  }

  #outcomeOf(error: ConnectionError): SmtpProbeResult {
    const { code = '', originalCode = '', response = '' } = error;
    if (code === 'ETLS' && this.#stage === 'starttls' && response !== '') return this.#failure('no-starttls', response);
    if (response !== '') return this.#reply(response);
    if (code === 'ETIMEDOUT') return this.#failure('timeout', error.message);
    if (isCertificateFault(originalCode)) return this.#failure('certificate', error.message);
    if (code === 'EPROTOCOL' || originalCode.startsWith('ERR_SSL')) return this.#failure('protocol', error.message);
    return this.#failure('connection-closed', error.message);
  }

  /** The library's transaction log is its public account of the dialogue: it tells the stage and the greeting. */
  #observer(): Logger {
    const ignore = (): void => undefined;
    const debug = (entry: { tnx?: string }, line: string): void => {
      if (entry.tnx === 'server' && this.#stage === 'greeting') this.#greetingHost = greetingHost(line);
      if (entry.tnx === 'client' && line.startsWith('EHLO')) this.#stage = 'ehlo';
      if (entry.tnx === 'client' && line.startsWith('STARTTLS')) this.#stage = 'starttls';
    };
    return { debug, info: ignore, warn: ignore, error: ignore };
  }
}

type Logger = Exclude<NonNullable<ConstructorParameters<typeof SMTPConnection>[0]>['logger'], boolean | undefined>;

interface ConnectionError extends Error {
  readonly code?: string | undefined;
  readonly originalCode?: string | undefined;
  readonly response?: string | undefined;
}

function greetingHost(line: string): string {
  return /^\d{3}[ -]([a-z0-9._[\]:-]{1,255})/iu.exec(line)?.[1]?.toLowerCase() ?? '';
}

/** The codes of Node's certificate verification, as far as they do not name the protocol itself. */
function isCertificateFault(code: string): boolean {
  return /CERT|SIGNATURE|ISSUER|CHAIN|HOSTNAME|INVALID_PURPOSE|CRL/u.test(code) && !code.startsWith('ERR_SSL');
}
