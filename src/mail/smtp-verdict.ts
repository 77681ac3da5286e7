import { PROBE_SENDER } from './probe-sender.ts';
import { quoted } from './quoted.ts';

/** The last thing a mail host said to a probe that stops after RCPT TO, or why it could not be heard. */
export type SmtpAnswer =
  | {
      readonly kind: 'reply';
      /** Step of the dialogue the reply belongs to, e.g. `rcpt`. */
      readonly stage: string;
      /** Reply code of RFC 5321. */
      readonly code: number;
      /** Enhanced status code of RFC 3463, or null. */
      readonly enhancedCode: string | null;
      readonly text: string;
    }
  | { readonly kind: 'failure'; readonly stage: string; readonly reason: string; readonly detail: string };

/**
 * What the answer says about a lock-down:
 * - `refused-by-lock`: the tenant's own connector refused us, which is what a lock-down does;
 * - `accepted`: the recipient was accepted, so mail gets in past the gateway;
 * - `try-later`: the host was busy and said nothing about the lock;
 * - `inconclusive`: the answer is about something else; asking again the same way will not help.
 */
export interface SmtpVerdict {
  readonly verdict: 'refused-by-lock' | 'accepted' | 'try-later' | 'inconclusive';
  /** What the answer means, as a sentence for people. */
  readonly why: string;
  /** What to do about it and who can; empty when nothing has to be done. */
  readonly remedy: string;
}

interface Meaning extends SmtpVerdict {
  /** Enhanced codes this is about. */
  readonly codes: RegExp;
}

const senderDomain = PROBE_SENDER.slice(PROBE_SENDER.indexOf('@') + 1);
const later = 'Nothing has to be done; it is asked again.';

/**
 * The replies of Exchange Online that are understood, by enhanced code and never by class alone: 5.7.51 is the lock,
 * while other 5xx replies speak of the mailbox, the sender or our own address. Sources: Microsoft, "NDR error codes in
 * Exchange Online"; Microsoft, "Direct Send" (5.7.68); Microsoft, "Multi-geo" (4.4.62, 4.4.4); Microsoft Defender,
 * "Troubleshoot mail sent to Office 365" (5.7.606 to 5.7.649, 5.7.511, 5.7.513, 5.7.711, 4.7.500 to 4.7.699).
 */
const meanings: readonly Meaning[] = [
  {
    codes: /^5\.7\.51$/u,
    verdict: 'refused-by-lock',
    why: 'Office 365 refused it because a partner connector restricts who may deliver',
    remedy: '',
  },
  {
    codes: /^5\.4\.1$/u,
    verdict: 'inconclusive',
    why: 'Office 365 does not know the mailbox, which says nothing about the lock',
    remedy: 'The requester names a mailbox that exists in this domain.',
  },
  {
    codes: /^5\.7\.68$/u,
    verdict: 'inconclusive',
    why: 'Office 365 refused the sender address as one of its own domains (Direct Send), which says nothing about the lock',
    remedy: `An administrator of the tenant removes ${quoted(senderDomain)} from the accepted domains: it belongs to nobody, and Switchyard tests with a sender in it.`,
  },
  {
    codes: /^(?:5\.7\.64|4\.4\.4)$/u,
    verdict: 'inconclusive',
    why: 'Office 365 does not receive mail for this domain in this tenant',
    remedy: 'An administrator of the tenant checks that the domain is an accepted domain and has mailboxes.',
  },
  {
    codes: /^4\.4\.62$/u,
    verdict: 'inconclusive',
    why: 'this host belongs to another region of Office 365',
    remedy:
      'An administrator of the tenant compares this host with the MX record that the Microsoft 365 admin center shows for the domain under Settings, Domains, DNS records.',
  },
  {
    codes: /^5\.7\.(?:511|513|60[6-9]|6[1-4]\d|711)$/u,
    verdict: 'inconclusive',
    why: 'Office 365 refuses the address this was tested from, whatever the tenant says',
    remedy:
      'An operator lets Switchyard test from another public address, or has this one delisted at sender.office.com.',
  },
  {
    codes: /^4\.7\.(?:5\d\d|6\d\d)$/u,
    verdict: 'try-later',
    why: 'Office 365 is slowing down the address this was tested from',
    remedy: later,
  },
  {
    codes: /^(?:4\.5\.3|4\.3\.2|4\.4\.3|4\.7\.0)$/u,
    verdict: 'try-later',
    why: 'Office 365 was busy',
    remedy: later,
  },
  {
    codes: /^5\.7\.3$/u,
    verdict: 'inconclusive',
    why: 'Office 365 wants TLS and the test was made without it',
    remedy: 'An operator checks that nothing between Switchyard and the internet removes STARTTLS.',
  },
  {
    codes: /^4\.7\.2[56]$/u,
    verdict: 'inconclusive',
    why: 'Office 365 wants a reverse name, SPF or DKIM for the address this was tested from',
    remedy: 'An operator lets Switchyard test over IPv4 from an address with a reverse name.',
  },
];

const failures: Readonly<Record<string, readonly [why: string, remedy: string]>> = {
  unreachable: [
    'the host could not be reached',
    'An operator checks that outgoing TCP port 25 is open where Switchyard runs.',
  ],
  timeout: [
    'the host did not answer in time',
    'An operator checks that outgoing TCP port 25 is open where Switchyard runs; many clouds close it.',
  ],
  'connection-closed': ['the host closed the connection', later],
  certificate: [
    'the host showed a certificate of another name',
    'An operator checks who answers on port 25 under this name.',
  ],
  'no-starttls': [
    'the host offered no TLS',
    'An operator checks that nothing between Switchyard and the internet removes STARTTLS.',
  ],
  protocol: ['the host did not speak SMTP', 'An operator checks who answers on port 25 under this name.'],
  'refused-address': [
    'the host name leads to an address that must not be probed',
    'The owner of the DNS zone corrects the address of this host.',
  ],
};

/**
 * Reads an answer of Office 365's own endpoint to a probe with a sender from outside and a recipient that exists.
 * Only 5.7.51 counts as locked, and only an accepted RCPT TO counts as open; a rule may still stop a message that was
 * accepted there. Everything else says nothing about the lock, so it is never good and never bad.
 */
export function smtpVerdict(answer: SmtpAnswer): SmtpVerdict {
  if (answer.kind === 'failure') return ofFailure(answer);
  const { code, enhancedCode, stage } = answer;
  if (isAccepted(answer)) {
    const why = 'Office 365 accepted the recipient (a rule may still stop the message later)';
    return { verdict: 'accepted', why, remedy: '' };
  }
  const meaning = meanings.find(({ codes }) => enhancedCode !== null && codes.test(enhancedCode));
  if (meaning && !(meaning.verdict === 'refused-by-lock' && code < 500)) {
    return { verdict: meaning.verdict, why: meaning.why, remedy: meaning.remedy };
  }
  if (code >= 400 && code < 500) return { verdict: 'try-later', why: 'Office 365 put the test off', remedy: later };
  const remedy = 'An operator looks up this reply; an administrator of the tenant can test by sending a message.';
  return { verdict: 'inconclusive', why: `this answer to ${stage.toUpperCase()} says nothing about the lock`, remedy };
}

/** Whether the recipient was accepted: a 2xx reply to RCPT TO (RFC 5321 §4.3.2), and nothing less. */
export function isAccepted(answer: SmtpAnswer): boolean {
  return answer.kind === 'reply' && answer.stage === 'rcpt' && answer.code >= 200 && answer.code < 300;
}

/** The answer in the host's own words, for a fact: `550 5.7.51 TenantInboundAttribution…`. */
export function answerText(answer: SmtpAnswer): string {
  if (answer.kind === 'failure') return `nothing (${answer.reason} at ${answer.stage})`;
  const { code, enhancedCode, text } = answer;
  const said = enhancedCode === null || text.includes(enhancedCode) ? text : `${enhancedCode} ${text}`;
  const words = said.startsWith(String(code)) ? said : `${code} ${said}`;
  return words.length > 120 ? `${words.slice(0, 119)}…` : words;
}

function ofFailure({ reason, stage }: Extract<SmtpAnswer, { kind: 'failure' }>): SmtpVerdict {
  const [why, remedy] = failures[reason] ?? ['the host could not be asked', later];
  const verdict = reason === 'connection-closed' && stage !== 'connect' ? 'try-later' : 'inconclusive';
  return { verdict, why, remedy };
}
