import { z } from 'zod/v4';
import { directDeliveryRefused } from '../checks/direct-delivery-refused.ts';
import { defineWorkflow, type Prepared } from '../core/workflow.ts';
import type { World } from '../ports/world.ts';
import { steps } from '../steps/index.ts';
import { domainInput, mailboxInput } from './shared/input.ts';
import { reachOf } from './shared/reach.ts';
import { type SetUpFacts, setUpOf } from './shared/set-up-of.ts';
import {
  findSetUp,
  gatewayNameOf,
  insistOnAccepted,
  profileOf,
  readMailFlow,
  receivingDomains,
} from './shared/tenant-reads.ts';

const Input = z.strictObject({ domain: domainInput, mailbox: mailboxInput.optional() });
type Input = z.infer<typeof Input>;

type Facts = SetUpFacts & {
  readonly gatewayName: string;
  readonly mailbox: string;
};

export const unlock = defineWorkflow<Input, Facts, World>({
  name: 'unlock',
  version: 1,
  title: 'Unlock direct delivery',
  summary: 'The emergency brake: Office 365 takes mail from everybody again.',
  phrases: ['unlock {domain}', 'lift lock {domain}'],
  input: Input,
  form: [{ id: 'domain', label: 'Domain', kind: 'text', placeholder: 'contoso.com', required: true }],
  prepare,
  run: async (context, facts) => {
    const title = `Turn off the connector ${facts.connector}`;
    await context.run(steps.setInboundConnector, {
      name: facts.connector,
      title,
      risky: true,
      fields: { Enabled: false },
    });
    const { domain, mailbox, ranges } = facts;
    await context.prove(
      {
        title: `Direct delivery to Office 365 for ${domain} is accepted again`,
        check: directDeliveryRefused,
        timing: { settleSeconds: 60, everySeconds: 60, deadlineSeconds: 3600, agreeing: 2 },
        // A brake that did not work must not put the lock back on.
        disproof: 'keep',
      },
      { domain, mailbox, ranges, expect: 'accepted' },
    );
  },
  result: (facts, proof) => setUpOf(facts, false, proof),
});

async function prepare(world: World, input: Input): Promise<Prepared<Facts>> {
  const flow = await readMailFlow(world);
  insistOnAccepted(flow.acceptedDomains, input.domain, world);
  const { setUp, connector } = await findSetUp(world, input.domain, flow.inboundConnectors);
  const gatewayName = gatewayNameOf(setUp.gateway);
  const domains = receivingDomains(flow.acceptedDomains);
  return {
    title: `Unlock ${world.tenant.name} from ${gatewayName}`,
    facts: {
      tenantId: world.tenant.id,
      domain: input.domain,
      gateway: setUp.gateway,
      gatewayName,
      connector: connector.Name,
      ranges: setUp.ranges,
      mxPatterns: setUp.mxPatterns,
      mailbox: input.mailbox ?? `postmaster@${input.domain}`,
    },
    warnings: [
      {
        level: 'danger',
        word: 'opens-delivery',
        text: `Anybody can then deliver to ${domains.join(', ')} past the gateway, and its scanning, again.`,
      },
    ],
    untouched: [
      'The connector stays, with all its values; only its switch changes.',
      'DNS, transport rules and all other connectors.',
    ],
    blastRadius: [`All ${domains.length} domains of ${world.tenant.name} that receive mail: ${domains.join(', ')}.`],
    profile: profileOf(setUp.gateway),
    reach: (changes) => reachOf(world, flow, changes),
  };
}
