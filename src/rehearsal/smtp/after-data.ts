import type { World } from '../world.ts';
import { edgeVerdict } from './edge-verdict.ts';
import { accepted, type SmtpReply } from './smtp-reply.ts';

const LOCKED = /^5\.7\.51 /u;

/** Where the lock speaks after the data only, the recipient is taken first. */
export function atRecipient(world: World, reply: SmtpReply): SmtpReply {
  return world.smtp.lockAfterData && LOCKED.test(reply.text) ? accepted : reply;
}

/** What the tenant edge says to the message itself; null takes it. */
export function afterData(
  world: World,
  envelope: Omit<Parameters<typeof edgeVerdict>[1], 'to'> & { readonly to: readonly string[] },
): SmtpReply | null {
  if (!world.smtp.lockAfterData) return null;
  const replies = envelope.to.map((to) => edgeVerdict(world, { ...envelope, to }).reply);
  return replies.find(({ text }) => LOCKED.test(text)) ?? null;
}
