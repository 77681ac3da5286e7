import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSmtpProbe } from '../../src/adapters/smtp/probe.ts';
import { smtpVerdict } from '../../src/mail/smtp-verdict.ts';
import { namedReplies } from '../../src/rehearsal/smtp/named-replies.ts';
import { type SmtpServers, startSmtp } from '../../src/rehearsal/smtp/smtp-server.ts';
import { lock, removeConnectors, type SmallWorld, smallWorld, store } from './small-world.ts';

const EDGE = '127.0.0.11';
const SOURCE = '198.51.100.25';
/** The server, the time and an id, at the end of what Exchange Online refuses. */
const TRAILER =
  / \[(?:DB5PEPF00014B9E|AM3PEPF0000A790)\.eurprd02\.prod\.outlook\.com \d{4}-\d\d-\d\dT[\d:.]+Z [0-9A-F]{16}\]$/u;

let small: SmallWorld;
let servers: SmtpServers;

beforeAll(async () => {
  small = await smallWorld();
  servers = await startSmtp(small.world, { port: 0, authority: small.authority });
});

afterAll(() => servers.stop());

beforeEach(() => {
  small.world.smtp.reset();
  removeConnectors(small.world, small.contoso);
  store(small.world, small.contoso, 'organizationConfig', 'contoso', { RejectDirectSend: false });
});

/** Speaks in the clear until something is refused; gives the answer to every command. */
async function dialogue(from: string, to: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const socket = connect(servers.port, EDGE);
  await once(socket, 'connect');
  const lines = createInterface(socket)[Symbol.asyncIterator]();
  const heard: Record<string, readonly string[]> = {};
  const commands = { connect: '', ehlo: 'EHLO probe.invalid', mail: `MAIL FROM:<${from}>`, rcpt: `RCPT TO:<${to}>` };
  for (const [stage, command] of Object.entries(commands)) {
    if (command !== '') socket.write(`${command}\r\n`);
    const answer: string[] = [];
    while (!/^\d{3} /u.test(answer.at(-1) ?? '')) answer.push(String((await lines.next()).value));
    heard[stage] = answer;
    if (/^[45]/u.test(answer[0] ?? '')) break;
  }
  socket.destroy();
  return heard;
}

type Name = keyof typeof namedReplies;
type Situation = Partial<{ named: Name; to: string; from: string; locked: true; isDirect: true; tls: true }>;

const table: readonly (readonly [reply: string, situation: Situation, stage: string, verdict: string])[] = [
  ['550 5.7.51 TenantInboundAttribution; There is a partner connector', { locked: true }, 'rcpt', 'refused-by-lock'],
  [
    '550 5.7.68 TenantInboundAttribution; Direct Send not allowed',
    { isDirect: true, from: 'boss@contoso.com' },
    'rcpt',
    'inconclusive',
  ],
  ['550 5.4.1 Recipient address rejected: Access denied.', { to: 'nobody@contoso.com' }, 'rcpt', 'inconclusive'],
  ['550 5.7.64 TenantAttribution; Relay Access Denied', { to: 'info@nobody.example' }, 'rcpt', 'inconclusive'],
  ['451 4.4.62 Mail sent to the wrong Office 365 region. ATTR35.', { named: 'wrong-region' }, 'rcpt', 'inconclusive'],
  ['550 4.4.4 Mail received as unauthenticated', { named: 'no-mailboxes' }, 'rcpt', 'inconclusive'],
  ['550 5.7.711 Access denied, bad inbound connector. AS(2204)', { named: 'bad-connector' }, 'rcpt', 'inconclusive'],
  [`550 5.7.606 Access denied, banned sending IP [${SOURCE}]`, { named: 'banned-address' }, 'rcpt', 'inconclusive'],
  [`550 5.7.511 Access denied, banned sender[${SOURCE}]`, { named: 'banned-sender' }, 'rcpt', 'inconclusive'],
  [
    `550 5.7.513 Service unavailable, Client host [${SOURCE}] blocked by contoso.com`,
    { named: 'customer-block-list' },
    'rcpt',
    'inconclusive',
  ],
  [
    `451 4.7.500 Server busy. Please try again later from [${SOURCE}]. (S77714)`,
    { named: 'server-busy' },
    'rcpt',
    'try-later',
  ],
  ['452 4.5.3 Too many recipients (AS780090)', { named: 'too-many-recipients' }, 'rcpt', 'try-later'],
  ['451 4.3.2 Temporary server error.', { named: 'temporary-error' }, 'rcpt', 'try-later'],
  ['451 4.4.3 Temporary server error.', { named: 'temporary-network-error' }, 'rcpt', 'try-later'],
  ['451 5.7.3 STARTTLS is required to send mail', { tls: true }, 'mail', 'inconclusive'],
];

function bringAbout({ named, locked, isDirect, tls }: Situation): void {
  const { world, contoso } = small;
  if (named) world.smtp.replies.set('contoso.com', namedReplies[named]);
  if (locked) store(world, contoso, 'inboundConnectors', 'lock', lock);
  if (isDirect) store(world, contoso, 'organizationConfig', 'contoso', { RejectDirectSend: true });
  if (tls) world.smtp.behaviours.set(EDGE, 'tls-required');
}

describe('rehearsal/smtp: what the tenant edge says', () => {
  it.each(table)(
    'is "%s" with its stage and trailer, and our probe reads it',
    async (reply, situation, stage, verdict) => {
      const { from = 'probe@outside.example', to = 'info@contoso.com' } = situation;
      bringAbout(situation);
      const heard = await dialogue(from, to);
      const [line = ''] = heard[stage] ?? [];
      expect([Object.keys(heard).at(-1), line.startsWith(reply)]).toEqual([stage, true]);
      expect(line).toMatch(TRAILER);
      const [, code, enhancedCode = null, text = ''] = /^(\d+) (\S+) (.+)$/u.exec(line) ?? [];
      expect(smtpVerdict({ kind: 'reply', stage, code: Number(code), enhancedCode, text }).verdict).toBe(verdict);
      // The probe speaks over TLS, so it never hears that TLS is required.
      if (stage !== 'rcpt') return;
      const options = { port: servers.port, egressAddresses: [], allowLoopback: true, extraCa: [small.authority.cert] };
      const host = 'contoso-com.mail.protection.outlook.com';
      const answer = await createSmtpProbe(options).probe({ host, address: EDGE, from, to });
      expect(answer).toMatchObject({ kind: 'reply', stage, code: Number(code), enhancedCode, tls: true });
      expect(smtpVerdict(answer).verdict).toBe(verdict);
    },
  );

  it('names every reply that can be asked for', () => {
    const named = table.flatMap(([, situation]) => situation.named ?? []);
    expect(named.toSorted()).toEqual(Object.keys(namedReplies).toSorted());
  });

  it('greets, offers its extensions and accepts in the words of Exchange Online', async () => {
    const { connect: greeting, ehlo, mail, rcpt } = await dialogue('probe@outside.example', 'info@contoso.com');
    expect(greeting?.[0]).toMatch(/^220 \S+\.mail\.protection\.outlook\.com Microsoft ESMTP MAIL Service ready at /u);
    expect(ehlo?.[0]).toMatch(new RegExp(`^250-\\S+\\.mail\\.protection\\.outlook\\.com Hello \\[${SOURCE}\\]$`, 'u'));
    const offered = ehlo?.slice(1).map((line) => line.slice(4));
    expect(offered?.join(', ')).toBe(
      'SIZE 157286400, PIPELINING, DSN, ENHANCEDSTATUSCODES, STARTTLS, 8BITMIME, BINARYMIME, CHUNKING, SMTPUTF8',
    );
    expect([mail, rcpt]).toEqual([['250 2.1.0 Sender OK'], ['250 2.1.5 Recipient OK']]);
  });

  it('asks for TLS of nobody who has it', async () => {
    small.world.smtp.behaviours.set(EDGE, 'tls-required');
    const options = { port: servers.port, egressAddresses: [], allowLoopback: true, extraCa: [small.authority.cert] };
    const question = {
      host: 'contoso-com.mail.protection.outlook.com',
      address: EDGE,
      from: '',
      to: 'info@contoso.com',
    };
    expect(await createSmtpProbe(options).probe(question)).toMatchObject({ stage: 'rcpt', code: 250 });
  });
});
