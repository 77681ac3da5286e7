import { connectorAsPlanned } from '../checks/connector-as-planned.ts';
import { directDeliveryRefused } from '../checks/direct-delivery-refused.ts';
import { gatewayAcceptsMail } from '../checks/gateway-accepts-mail.ts';
import { mailHostKnown } from '../checks/mail-host-known.ts';
import { mxAtGateway } from '../checks/mx-at-gateway.ts';
import { defineWorkflow, type Prepared } from '../core/workflow.ts';
import { locksEverybody } from '../mail/routing/restricts.ts';
import type { World } from '../ports/world.ts';
import { steps } from '../steps/index.ts';
import { insistOnAddressesNow } from './shared/addresses-now.ts';
import { forEverybody } from './shared/for-everybody.ts';
import { type LockInput, lockInput } from './shared/input.ts';
import { otherLockNotices } from './shared/other-lock-notices.ts';
import { reachOf } from './shared/reach.ts';
import { type SetUpFacts, setUpOf } from './shared/set-up-of.ts';
import { setUpToLock } from './shared/set-up-to-lock.ts';
import { allBelowWarnings, domainsWithAllBelow, seenBelowWarnings } from './shared/sub-domains.ts';
import {
  gatewayNameOf,
  insistOnAccepted,
  microsoftDomains,
  profileOf,
  readMailFlow,
  receivingDomains,
} from './shared/tenant-reads.ts';

type Facts = SetUpFacts & {
  readonly domains: readonly string[];
  /** Accepted domains that take mail for every name below them. */
  readonly domainsWithAllBelow: readonly string[];
  readonly gatewayName: string;
  readonly mailbox: string;
  /** Other connectors that refuse direct delivery: an approval is given in their presence or absence. */
  readonly otherLocks: readonly string[];
};

export const lockDown = defineWorkflow<LockInput, Facts, World>({
  name: 'lock-down',
  version: 1,
  title: 'Lock down to the gateway',
  summary: 'Refuses mail that tries to reach Office 365 past the gateway, and proves it.',
  phrases: [
    'lock down {domain}',
    'lockdown {domain}',
    'lock {domain}',
    'lock down {domain} to {gateway}',
    'lock down {domain} to gateway {gateway}',
    'lockdown {domain} to {gateway}',
    'lock {domain} to {gateway}',
  ],
  input: lockInput,
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
    const { connector, ranges, domain, domains, mailbox, mxPatterns } = facts;
    await context.require(mxAtGateway, { domains, mxPatterns });
    await context.require(mailHostKnown, { domain });
    await context.require(gatewayAcceptsMail, { domain, mailbox, mxPatterns });
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
      { domain, mailbox, mxPatterns },
    );
  },
  result: (facts, proof) => setUpOf(facts, true, proof),
});

function lockFields(ranges: readonly string[]): Record<string, string | boolean | null | readonly string[]> {
  return {
    ConnectorType: 'Partner',
    SenderDomains: ['*'],
    SenderIPAddresses: ranges,
    RequireTls: true,
    RestrictDomainsToIPAddresses: true,
    ...forEverybody,
  };
}

async function prepare(world: World, input: LockInput): Promise<Prepared<Facts>> {
  const flow = await readMailFlow(world);
  insistOnAccepted(flow.acceptedDomains, input.domain, world);
  const { setUp, connector } = await setUpToLock(world, input, flow);
  insistOnAddressesNow(setUp);
  const others = flow.inboundConnectors.filter((one) => one.Name !== connector.Name);
  const gatewayName = gatewayNameOf(setUp.gateway);
  const domains = receivingDomains(flow.acceptedDomains);
  const parents = domainsWithAllBelow(flow.acceptedDomains);
  const microsofts = microsoftDomains(flow.acceptedDomains);
  return {
    title: `Lock down ${world.tenant.name} to ${gatewayName}`,
    facts: {
      tenantId: world.tenant.id,
      domain: input.domain,
      setUpDomain: setUp.domain,
      domains,
      domainsWithAllBelow: parents,
      gateway: setUp.gateway,
      gatewayVersion: setUp.gatewayVersion,
      gatewayName,
      connector: connector.Name,
      guid: connector.Guid,
      ranges: setUp.ranges,
      mxPatterns: setUp.mxPatterns,
      mailbox: input.mailbox ?? `postmaster@${input.domain}`,
      otherLocks: others
        .filter(locksEverybody)
        .map(({ Name }) => Name)
        .toSorted(),
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
      ...allBelowWarnings(parents, gatewayName),
      ...otherLockNotices(others, input.domain),
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
      `Other inbound connectors (${others.length}), outbound connectors (${flow.outboundConnectors.length}) and transport rules (${flow.transportRules.length}).`,
      'Mail that people of the tenant send.',
    ],
    blastRadius: [`Every domain of ${world.tenant.name} that receives mail: ${domains.join(', ')}.`],
    profile: profileOf(setUp),
    reach: (changes) =>
      reachOf(world, flow, changes, (mail, groups) =>
        seenBelowWarnings(world, { accepted: flow.acceptedDomains, mxPatterns: setUp.mxPatterns }, mail, groups),
      ),
  };
}
