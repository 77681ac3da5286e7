import type { SmtpProbe, SmtpProbeRequest, SmtpProbeResult, SmtpStage } from '../../src/ports/smtp-probe.ts';

export type FakeSmtpAnswer = SmtpProbeResult | ((request: SmtpProbeRequest) => SmtpProbeResult);

/** Mail hosts that answer what they are told to, by host name or address. An unknown host does not answer. */
export class FakeSmtp implements SmtpProbe {
  egressAddresses: readonly string[] = ['198.51.100.25'];
  readonly requests: SmtpProbeRequest[] = [];
  readonly #answers = new Map<string, FakeSmtpAnswer>();

  constructor(answers: Readonly<Record<string, FakeSmtpAnswer>> = {}) {
    for (const [host, answer] of Object.entries(answers)) this.setAnswer(host, answer);
  }

  setAnswer(hostOrAddress: string, answer: FakeSmtpAnswer): void {
    this.#answers.set(hostOrAddress, answer);
  }

  async probe(request: SmtpProbeRequest): Promise<SmtpProbeResult> {
    this.requests.push(request);
    const answer = this.#answers.get(request.address) ?? this.#answers.get(request.host) ?? smtpFailure('timeout');
    return typeof answer === 'function' ? answer(request) : answer;
  }
}

export function smtpReply(
  code: number,
  enhancedCode: string | null,
  text: string,
  stage: SmtpStage = 'rcpt',
): SmtpProbeResult {
  return { kind: 'reply', stage, code, enhancedCode, text, tls: true, greetingHost: 'FAKE' };
}

export function smtpFailure(
  reason: Extract<SmtpProbeResult, { kind: 'failure' }>['reason'],
  stage: SmtpStage = 'connect',
): SmtpProbeResult {
  return { kind: 'failure', stage, reason, detail: reason };
}

/** Office 365 taking a recipient. */
export const accepted = smtpReply(250, '2.1.5', 'Recipient OK');

/** Office 365 of a tenant with a lock. */
export const locked = smtpReply(
  550,
  '5.7.51',
  "TenantInboundAttribution; There is a partner connector configured that matched the message's recipient domain.",
);
