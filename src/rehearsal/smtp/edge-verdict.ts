import type { Tenant } from '../exchange/tenant.ts';
import { type Attribution, attribute } from '../mail-flow/attribution.ts';
import { setupOf } from '../mail-flow/setup-of.ts';
import type { World } from '../world.ts';
import type { SmtpReply } from './smtp-reply.ts';

export interface EdgeQuestion {
  readonly from: string;
  readonly to: string;
  /** The public address the message comes from. */
  readonly source: string;
  readonly tls: boolean;
  /** Names in the certificate of the sending server. */
  readonly certificate?: readonly string[];
  /** Virtual milliseconds of the configuration that this front end has. */
  readonly at: number;
}

/** How the tenant edge answers RCPT TO, by what the organisations hold at that virtual time. */
export function edgeVerdict(world: World, question: EdgeQuestion): { reply: SmtpReply; tenant: Tenant | null } {
  const { reply, setup } = attributeAtEdge(world, question);
  return { reply, tenant: setup ? (world.tenants.get(setup.id) ?? null) : null };
}

export function attributeAtEdge(world: World, question: EdgeQuestion): Attribution {
  const setups = [...world.tenants.values()].map((tenant) => setupOf(tenant, question.at));
  const { flow, recipientFirst } = world.smtp;
  return attribute(setups, { certificate: [], ...question }, { ...flow, recipientFirst });
}
