import type { Socket } from 'node:net';
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';
import type { Certificate } from '../certificates.ts';
import { refusals } from '../mail-flow/refusals.ts';
import type { World } from '../world.ts';
import { afterData } from './after-data.ts';
import { speakLikeExchange } from './exchange-words.ts';
import { answerRecipient, configurationTime, withTrailer } from './mail-host.ts';
import type { MailHost } from './mail-hosts.ts';
import { certificateNames, senderOf } from './session.ts';
import type { SmtpBehaviour } from './smtp-behaviour.ts';
import { type SmtpReply, summary } from './smtp-reply.ts';
import { takeMail } from './take-mail.ts';

/** Headers are at the beginning; nobody reads the rest. */
const KEPT_OCTETS = 256 * 1024;

interface Certificates {
  readonly right: Certificate;
  readonly wrong: Certificate;
  readonly selfSigned: Certificate;
  readonly authority: Certificate;
}

class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly responseCode: number;

  constructor({ code, text }: SmtpReply) {
    super(text);
    this.responseCode = code;
  }
}

/** The SMTP speakers behind one address; connections go to them in turn. */
export class FrontEnds {
  readonly #world: World;
  readonly #host: MailHost;
  readonly #certificates: Certificates;
  readonly #speakers = new Map<string, SMTPServer>();
  readonly #clients = new WeakMap<SMTPServerSession, readonly string[]>();
  #turn = 0;

  constructor(world: World, host: MailHost, certificates: Certificates) {
    this.#world = world;
    this.#host = host;
    this.#certificates = certificates;
  }

  take(socket: Socket, behaviour: SmtpBehaviour): void {
    const { frontEnds } = this.#host;
    const frontEnd = frontEnds[this.#turn % frontEnds.length] ?? this.#host.role;
    this.#turn += 1;
    const key = `${frontEnd} ${behaviour}`;
    const speaker = this.#speakers.get(key) ?? this.#createSpeaker(frontEnd, behaviour);
    this.#speakers.set(key, speaker);
    const now = new Date(this.#world.clock.now()).toUTCString().replace('GMT', '+0000');
    speaker.options.banner = `${this.#host.banner} ${now}`;
    speaker.connect(socket);
    const newest = [...speaker.connections].at(-1);
    const isEdge = this.#host.role === 'tenant-edge';
    if (newest && isEdge) speakLikeExchange(newest, this.#world.smtp.publicAddress(socket.remoteAddress ?? ''));
  }

  /** Ends every dialogue at its topmost socket: pulling the one below a TLS handshake can end the process. */
  stop(): void {
    for (const speaker of this.#speakers.values()) {
      for (const { _socket: socket } of speaker.connections) socket.destroy();
    }
  }

  #createSpeaker(frontEnd: string, behaviour: SmtpBehaviour): SMTPServer {
    const { key, cert } = this.#certificateFor(behaviour);
    const isEdge = this.#host.role === 'tenant-edge';
    const speaker = new SMTPServer({
      key,
      cert,
      ca: this.#certificates.authority.cert,
      requestCert: true,
      rejectUnauthorized: false,
      name: isEdge ? `${frontEnd} Microsoft` : frontEnd,
      heloResponse: `${frontEnd} Hello`,
      size: 157_286_400,
      hideSTARTTLS: behaviour === 'no-starttls',
      // The library would add codes of its own to ours.
      hideENHANCEDSTATUSCODES: true,
      hideREQUIRETLS: true,
      disabledCommands: behaviour === 'no-starttls' ? ['AUTH', 'STARTTLS'] : ['AUTH'],
      authOptional: true,
      disableReverseLookup: true,
      maxAllowedUnauthenticatedCommands: false,
      socketTimeout: 60_000,
      ...this.#handlers(frontEnd),
      onMailFrom: ({ address: from }, session, done) => {
        const refused = behaviour === 'tls-required' && !session.secure;
        done(refused ? this.#withoutTls(from, session, frontEnd) : null);
      },
    });
    speaker.on('error', () => undefined);
    return speaker;
  }

  #certificateFor(behaviour: SmtpBehaviour): Certificate {
    const { right, wrong, selfSigned } = this.#certificates;
    if (behaviour === 'wrong-certificate') return wrong;
    return behaviour === 'self-signed' ? selfSigned : right;
  }

  #handlers(frontEnd: string): Pick<SMTPServerOptions, 'onSecure' | 'onRcptTo' | 'onData'> {
    return {
      onSecure: (socket, session, done) => {
        this.#clients.set(session, certificateNames(socket));
        done();
      },
      onRcptTo: ({ address: to }, session, done) => {
        const tls = session.secure;
        const certificate = this.#clients.get(session) ?? [];
        const question = { from: senderOf(session), to, client: session.remoteAddress, tls, certificate, frontEnd };
        void answerRecipient(this.#world, this.#host, question).then((reply) => {
          if (reply) done(reply.code < 400 ? null : new Refusal(reply));
        }, done);
      },
      onData: (stream, session, done) => {
        let octets = 0;
        const kept: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => {
          if (octets < KEPT_OCTETS) kept.push(chunk);
          octets += chunk.length;
        });
        stream.once('end', () => {
          const refused = this.#refusedAfterData(session, frontEnd);
          if (refused) return done(new Refusal(refused));
          const text = Buffer.concat(kept).toString('utf8');
          done(null, this.#accept(session, frontEnd, { text, octets }));
        });
      },
    };
  }

  /** Before any recipient is known, so it is about the host and not about a connector. */
  #withoutTls(from: string, session: SMTPServerSession, frontEnd: string): Refusal {
    const source = this.#world.smtp.publicAddress(session.remoteAddress);
    const facts = { host: this.#host.role, frontEnd, source, from, tls: false, stage: 'mail' };
    this.#world.journal.add({ where: 'smtp', outcome: summary(refusals.tls), ...facts });
    return new Refusal(withTrailer(refusals.tls, frontEnd, this.#world.clock.now()));
  }

  #refusedAfterData(session: SMTPServerSession, frontEnd: string): SmtpReply | null {
    if (this.#host.role !== 'tenant-edge') return null;
    const [from, source] = [senderOf(session), this.#world.smtp.publicAddress(session.remoteAddress)];
    const to = session.envelope.rcptTo.map(({ address }) => address);
    const certificate = this.#clients.get(session) ?? [];
    const at = configurationTime(this.#world, this.#host, frontEnd);
    const reply = afterData(this.#world, { from, to, source, tls: session.secure, certificate, at });
    if (reply === null) return null;
    const facts = { host: this.#host.role, frontEnd, source, from, to, tls: session.secure, stage: 'data' };
    this.#world.journal.add({ where: 'smtp', outcome: summary(reply), ...facts });
    return withTrailer(reply, frontEnd, this.#world.clock.now());
  }

  #accept(session: SMTPServerSession, frontEnd: string, { text, octets }: { text: string; octets: number }): string {
    const to = session.envelope.rcptTo.map(({ address }) => address);
    const source = this.#world.smtp.publicAddress(session.remoteAddress);
    const from = senderOf(session);
    const facts = { host: this.#host.role, frontEnd, source, from, to, octets, tls: session.secure };
    const { seq } = this.#world.journal.add({ where: 'smtp', outcome: '250 2.6.0', stage: 'data', ...facts });
    if (this.#host.role === 'tenant-edge') {
      const certificate = this.#clients.get(session) ?? [];
      const at = configurationTime(this.#world, this.#host, frontEnd);
      takeMail(this.#world, session, { text, octets, certificate, at });
    }
    return `2.6.0 <${seq}@${frontEnd}> Queued mail for delivery`;
  }
}
