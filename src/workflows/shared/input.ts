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
export const mailboxInput = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .regex(/^[a-z0-9._%+-]{1,64}@[a-z0-9.-]+$/, 'is no e-mail address');
