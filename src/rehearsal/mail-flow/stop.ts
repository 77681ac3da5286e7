import type { SmtpReply } from '../smtp/smtp-reply.ts';
import type { Arrival, MailMessage } from './mail-message.ts';
import type { TenantPass } from './tenant-pass.ts';

export const outcomeKinds = [
  'inbox',
  'junk',
  'quarantined',
  'deleted',
  'held',
  'refused',
  'looped',
  'deferred',
  'own-server',
  'outside',
] as const;

/** Where one copy of a message ended for good. */
export interface Outcome {
  readonly kind: (typeof outcomeKinds)[number];
  readonly recipient: string;
  /** The reply, the rule or the place, in short. */
  readonly detail: string;
}

/** One stop on the way. */
export type Stop =
  | { readonly at: 'tenant'; readonly pass: TenantPass }
  | {
      readonly at: 'edge';
      readonly tenant: string | null;
      readonly arrival: Arrival;
      readonly message: MailMessage;
      readonly reply: SmtpReply;
    }
  | {
      readonly at: 'gateway' | 'scanner' | 'signer' | 'own-server' | 'internet';
      readonly host: string;
      readonly note: string;
    };
