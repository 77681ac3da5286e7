import { z } from 'zod/v4';
import { parseDomainName } from '../../mail/domain-name.ts';

/** A domain name in its one form; anything doubtful is refused with the reason. */
export const domainInput = z.string().transform((text, context) => {
  const parsed = parseDomainName(text);
  if (!parsed.ok || parsed.mixedScript) {
    const reason = parsed.ok ? `${text} mixes letters of different alphabets` : parsed.reason;
    context.addIssue({ code: 'custom', message: reason });
    return z.NEVER;
  }
  return parsed.name;
});

/** A mailbox to ask about in probes. No message is sent to it. */
const mailboxInput = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .regex(/^[a-z0-9._%+-]{1,64}@[a-z0-9.-]+$/, 'is no e-mail address');

/** What a request about the lock of a domain names. A mailbox of anybody else would prove something about them. */
export const lockInput = z
  .strictObject({
    domain: domainInput,
    /** Key of the gateway; needed only where several are set up. */
    gateway: z.string().min(1).max(60).optional(),
    mailbox: mailboxInput.optional(),
  })
  .refine(({ domain, mailbox }) => mailbox === undefined || mailbox.endsWith(`@${domain}`), {
    path: ['mailbox'],
    error: ({ input }) => notOfDomain(input),
  });

export type LockInput = z.infer<typeof lockInput>;

function notOfDomain(input: unknown): string {
  const { domain, mailbox } = input as Pick<LockInput, 'domain' | 'mailbox'>;
  return `${mailbox} is no mailbox of ${domain}, and asking about it would prove nothing about ${domain}`;
}
