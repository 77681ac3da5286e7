/** What to ask of a mail host. The probe stops after RCPT TO: no message is ever sent. */
export interface SmtpProbeRequest {
  /** Host name, used for TLS server name indication and in reports. */
  readonly host: string;
  /** The IPv4 address to connect to, already resolved. Refused when it is not a public unicast address. */
  readonly address: string;
  /** Envelope sender of MAIL FROM. */
  readonly from: string;
  /** Envelope recipient of RCPT TO. */
  readonly to: string;
}

/** Where in the SMTP dialogue the final reply was given. */
export type SmtpStage = 'connect' | 'greeting' | 'ehlo' | 'starttls' | 'mail' | 'rcpt';

/** The last thing the host said, or why it could not be heard. */
export type SmtpProbeResult =
  | {
      readonly kind: 'reply';
      readonly stage: SmtpStage;
      /** Reply code of RFC 5321, e.g. 250 or 550. */
      readonly code: number;
      /** Enhanced status code of RFC 3463, e.g. `5.7.51`, or null. */
      readonly enhancedCode: string | null;
      /** Reply text as one line, control characters removed, at most 500 characters. */
      readonly text: string;
      /** Whether the reply came over TLS. */
      readonly tls: boolean;
      /** Name the host announced in its greeting: tells front ends apart. */
      readonly greetingHost: string;
    }
  | {
      readonly kind: 'failure';
      readonly stage: SmtpStage;
      /** `refused-address`: not an address we may connect to (private, reserved, platform). */
      readonly reason:
        | 'unreachable'
        | 'timeout'
        | 'connection-closed'
        | 'certificate'
        | 'no-starttls'
        | 'protocol'
        | 'refused-address';
      readonly detail: string;
    };

/** Asks a mail host how it would answer a message, without sending one. */
export interface SmtpProbe {
  /** The public addresses this prober appears from; empty when they are not known. */
  readonly egressAddresses: readonly string[];
  /** Settles within 15 seconds; never throws for what the host does. */
  probe(request: SmtpProbeRequest, signal?: AbortSignal): Promise<SmtpProbeResult>;
}
