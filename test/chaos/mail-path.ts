import type { ChaosWorld } from './chaos-world.ts';

/** I12: whoever follows the MX record still gets mail into the tenant. Gives what is wrong. */
export async function checkMailPath(world: ChaosWorld, tenant: string): Promise<string[]> {
  const mail = { from: 'somebody@example.net', to: `postmaster@${tenant}.example`, via: 'internet' };
  const { accepted, reply } = await world.control<{ accepted: boolean; reply: string }>('mail', mail);
  return accepted ? [] : [`I12: mail from outside is refused: ${reply}`];
}
