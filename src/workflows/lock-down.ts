import { z } from 'zod/v4';
import { connectorAsPlanned } from '../checks/connector-as-planned.ts';
import { directDeliveryRefused } from '../checks/direct-delivery-refused.ts';
import { gatewayAcceptsMail } from '../checks/gateway-accepts-mail.ts';
import { mailHostKnown } from '../checks/mail-host-known.ts';
import { mxAtGateway } from '../checks/mx-at-gateway.ts';
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
  isLock,
  microsoftDomains,
  profileOf,
  readMailFlow,
  receivingDomains,
} from './shared/tenant-reads.ts';

const Input = z.strictObject({ domain: domainInput, mailbox: mailboxInput.optional() });
type Input = z.infer<typeof Input>;

type Facts = SetUpFacts & {
  readonly domains: readonly string[];
  readonly gatewayName: string;
  readonly mailbox: string;
  /** Other connectors that refuse direct delivery: an approval is given in their presence or absence. */
  readonly otherLocks: readonly string[];
};

export const lockDown = defineWorkflow<Input, Facts, World>({
  name: 'lock-down',
  version: 1,
  title: 'Lock down to the gateway',
  summary: 'Refuses mail that tries to reach Office 365 past the gateway, and proves it.',
  phrases: ['lock down {domain}', 'lockdown {domain}', 'lock {domain}'],
  input: Input,
  form: [
    { id: 'domain', label: 'Domain', kind: 'text', placeholder: 'contoso.com', required: true },
    {
      id: 'mailbox',
      label: 'A real mailbox to ask about',
      kind: 'text',
      placeholder: 'postmaster@contoso.com',
      required: false,
      help: 'No mail is sent to it.',
    },
  ],
  prepare,
  run: async (context, facts) => {
    const { connector, ranges, domain, mailbox } = facts;
    await context.require(mxAtGateway, { domains: facts.domains, mxPatterns: facts.mxPatterns });
    await context.require(mailHostKnown, { domain });
    await context.require(gatewayAcceptsMail, { domain, mailbox, mxPatterns: facts.mxPatterns });
    await context.require(connectorAsPlanned, { connector, expected: lockFields(ranges) });
    const title = `Turn on the connector ${connector}`;
    await context.run(steps.setInboundConnector, { name: connector, title, risky: true, fields: { Enabled: true } });
    await context.prove(
      {
        title: `Direct delivery to Office 365 for ${domain} is refused`,
        check: directDeliveryRefused,
        // Connectors usually act after 1–2 minutes (Heimdal); o365info waits 15, Cisco speaks of an hour.
        timing: { settleSeconds: 60, everySeconds: 60, deadlineSeconds: 3600, agreeing: 2 },
        // A lock that may be wrong loses mail, so it does not stay by itself.
        onUnknown: 'undo-unless-held',
      },
      { domain, mailbox, ranges, expect: 'refused' },
    );
    await context.prove(
      {
        title: `${facts.gatewayName} still takes mail for ${domain}`,
        check: gatewayAcceptsMail,
        timing: { settleSeconds: 0, everySeconds: 30, deadlineSeconds: 300, agreeing: 1 },
        onUnknown: 'undo-unless-held',
      },
      { domain, mailbox, mxPatterns: facts.mxPatterns },
    );
  },
  result: (facts, proof) => setUpOf(facts, true, proof),
});

function lockFields(ranges: readonly string[]): Record<string, string | boolean | readonly string[]> {
  return {
    ConnectorType: 'Partner',
    SenderDomains: ['*'],
    SenderIPAddresses: ranges,
    // Narrowed to some accepted domains, it would leave the others open.
    AssociatedAcceptedDomains: [],
    RequireTls: true,
    RestrictDomainsToIPAddresses: true,
  };
}

async function prepare(world: World, input: Input): Promise<Prepared<Facts>> {
  const flow = await readMailFlow(world);
  insistOnAccepted(flow.acceptedDomains, input.domain, world);
  const { setUp, connector } = await findSetUp(world, input.domain, flow.inboundConnectors);
  const otherLocks = flow.inboundConnectors.filter((one) => one.Name !== connector.Name && isLock(one));
  const gatewayName = gatewayNameOf(setUp.gateway);
  const domains = receivingDomains(flow.acceptedDomains);
  const microsofts = microsoftDomains(flow.acceptedDomains);
  return {
    title: `Lock down ${world.tenant.name} to ${gatewayName}`,
    facts: {
      tenantId: world.tenant.id,
      domain: input.domain,
      domains,
      gateway: setUp.gateway,
      gatewayName,
      connector: connector.Name,
      ranges: setUp.ranges,
      mxPatterns: setUp.mxPatterns,
      mailbox: input.mailbox ?? `postmaster@${input.domain}`,
      otherLocks: otherLocks.map(({ Name }) => Name).toSorted(),
    },
    warnings: [
      {
        level: 'danger',
        word: 'refuses-mail',
        text: `From then on ${world.tenant.name} refuses every message for ${domains.join(', ')} that does not come from ${setUp.ranges.join(', ')}.`,
      },
      {
        level: 'danger',
        word: 'refuses-mail',
        text: 'Printers, web forms and partners that deliver straight to Office 365 are refused too, unless they have a connector of their own.',
      },
      ...(microsofts.length > 0
        ? [
            {
              level: 'notice' as const,
              text: `Mail from outside to ${microsofts.join(', ')} is refused as well; its MX cannot be moved to the gateway.`,
            },
          ]
        : []),
    ],
    untouched: [
      'DNS: no record is changed.',
      `Other inbound connectors (${flow.inboundConnectors.length - 1}), outbound connectors (${flow.outboundConnectors.length}) and transport rules (${flow.transportRules.length}).`,
      'Mail that people of the tenant send.',
    ],
    blastRadius: [`Every domain of ${world.tenant.name} that receives mail: ${domains.join(', ')}.`],
    profile: profileOf(setUp.gateway),
    reach: (changes) => reachOf(world, flow, changes),
  };
}
