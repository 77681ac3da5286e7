import type { Tenant } from '../exchange/tenant.ts';
import type { World } from '../world.ts';
import type { Attribution } from './attribution.ts';
import { admit, type Cloud, type Journey, submit } from './journey.ts';
import { type Arrival, type MailMessage, noTraits } from './mail-message.ts';
import { mayAnswer } from './remote-domain.ts';
import { hasMailbox } from './setup.ts';
import { setupOf } from './setup-of.ts';
import { worldNetwork } from './world-network.ts';
import { writeTrace } from './write-trace.ts';

/** What became of a message, and of the automatic reply to it. */
export interface Flow {
  readonly message: Journey;
  readonly answer: Journey | null;
}

/** The mail world at a virtual time. */
export function cloudOf(world: World, at: number = world.clock.now()): Cloud {
  const setups = [...world.tenants.values()].map((tenant) => setupOf(tenant, at));
  const { flow, recipientFirst } = world.smtp;
  return { setups, network: worldNetwork(world), switches: { ...flow, recipientFirst } };
}

/** A message that the edge has taken, from its connector on. */
export function acceptMail(
  world: World,
  attribution: Attribution,
  { message, autoReply }: { message: MailMessage; autoReply: boolean },
  arrival: Arrival,
): Flow {
  const cloud = cloudOf(world, attribution.setup?.now);
  return finish(world, cloud, admit(cloud, attribution, message, arrival), { message, autoReply });
}

/** A message that a user of the organisation sends. */
export function submitMail(world: World, tenant: Tenant, message: MailMessage, autoReply = false): Flow {
  const cloud = cloudOf(world);
  const setup = cloud.setups.find(({ id }) => id === tenant.id) ?? setupOf(tenant, world.clock.now());
  return finish(world, cloud, submit(cloud, setup, message), { message, autoReply });
}

function finish(
  world: World,
  cloud: Cloud,
  journey: Journey,
  { message, autoReply }: { message: MailMessage; autoReply: boolean },
): Flow {
  writeTrace(world, cloud, journey);
  const answer = autoReply ? answerTo(cloud, message, journey) : null;
  if (answer) writeTrace(world, cloud, answer);
  return { message: journey, answer };
}

/** Nothing is answered that has no sender or is an answer itself. */
function answerTo(cloud: Cloud, { id, from, to, type, subject }: MailMessage, { outcomes }: Journey): Journey | null {
  const setup = cloud.setups.find((one) => hasMailbox(one, to));
  if (!setup || from === '' || type === 'OOF' || outcomes[0]?.kind !== 'inbox' || !mayAnswer(setup, from)) return null;
  return submit(cloud, setup, {
    id: id.replace(/^</u, '<reply-'),
    from: '',
    headerFrom: to,
    to: from,
    recipients: [from],
    subject: `Automatic reply: ${subject}`,
    size: 4096,
    type: 'OOF',
    content: 'clean',
    traits: noTraits,
    headers: [{ name: 'Auto-Submitted', value: 'auto-replied' }],
    hops: [],
    dkim: null,
    arc: null,
  });
}
