import { connectorAsPlanned } from '../checks/connector-as-planned.ts';
import { directDeliveryRefused } from '../checks/direct-delivery-refused.ts';
import { defineWorkflow, type Prepared, type Warning } from '../core/workflow.ts';
import type { InboundConnector } from '../ports/exchange-online.ts';
import type { World } from '../ports/world.ts';
import { steps } from '../steps/index.ts';
import { type LockInput, lockInput } from './shared/input.ts';
import { reachOf } from './shared/reach.ts';
import { refusesAllOf } from './shared/refuses-all-of.ts';
import { restrictionsOf } from './shared/restricting-others.ts';
import { type SetUpFacts, setUpOf } from './shared/set-up-of.ts';
import { setUpToUnlock } from './shared/set-up-to-unlock.ts';
import type { SetUpHere } from './shared/set-ups-here.ts';
import { gatewayNameOf, insistOnAccepted, profileOf, readMailFlow, receivingDomains } from './shared/tenant-reads.ts';

type Facts = SetUpFacts & {
  readonly gatewayName: string;
  readonly mailbox: string;
  /** Other connectors that refuse mail, and whose: an approval is given in their presence or absence. */
  readonly otherLocks: readonly string[];
  /** Domains to which one of those refuses direct delivery, whoever sends; plans of earlier programs do not have it. */
  readonly stillRefused?: readonly string[];
};

export const unlock = defineWorkflow<LockInput, Facts, World>({
  name: 'unlock',
  version: 1,
  title: 'Unlock direct delivery',
  summary: 'The emergency brake: Office 365 takes mail from everybody again.',
  phrases: [
    'unlock {domain}',
    'lift lock {domain}',
    'unlock {domain} from {gateway}',
    'unlock {domain} from gateway {gateway}',
  ],
  input: lockInput,
  form: [{ id: 'domain', label: 'Domain', kind: 'text', placeholder: 'contoso.com', required: true }],
  prepare,
  run: async (context, facts) => {
    const { connector: name, domain, mailbox, ranges, stillRefused = [] } = facts;
    const title = `Turn off the connector ${name}`;
    await context.run(steps.setInboundConnector, { name, title, risky: true, fields: { Enabled: false } });
    // Another lock refuses our probe too, and the brake is not to wait for what cannot come.
    if (stillRefused.includes(domain)) {
      const timing = { settleSeconds: 0, everySeconds: 10, deadlineSeconds: 300, agreeing: 1 };
      const isOff = { title: `${name} reads back as switched off`, check: connectorAsPlanned, timing };
      await context.prove({ ...isOff, disproof: 'keep' }, { connector: name, expected: { Enabled: false } });
      return;
    }
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

async function prepare(world: World, input: LockInput): Promise<Prepared<Facts>> {
  const flow = await readMailFlow(world);
  insistOnAccepted(flow.acceptedDomains, input.domain, world);
  const here = await setUpToUnlock(world, input, flow.inboundConnectors);
  const { setUp, connector } = here;
  const others = flow.inboundConnectors.filter((one) => one !== connector);
  const gatewayName = gatewayNameOf(setUp.gateway);
  const domains = receivingDomains(flow.acceptedDomains);
  const stillRefused = domains.filter((domain) => others.some((other) => refusesAllOf(other, domain)));
  return {
    title: `Unlock ${world.tenant.name} from ${gatewayName}`,
    facts: {
      tenantId: world.tenant.id,
      domain: input.domain,
      setUpDomain: setUp.domain,
      gateway: setUp.gateway,
      gatewayVersion: setUp.gatewayVersion,
      gatewayName,
      connector: connector.Name,
      guid: connector.Guid,
      ranges: setUp.ranges,
      mxPatterns: setUp.mxPatterns,
      mailbox: input.mailbox ?? `postmaster@${input.domain}`,
      otherLocks: restrictionsOf(others, setUp.ranges),
      stillRefused,
    },
    warnings: [...deliveryWarnings(domains, others), ...editWarnings(here)],
    untouched: [
      'The connector stays, with all its values; only its switch changes.',
      'DNS, transport rules and all other connectors.',
    ],
    blastRadius: [`All ${domains.length} domains of ${world.tenant.name} that receive mail: ${domains.join(', ')}.`],
    profile: profileOf(setUp),
    reach: (changes) => reachOf(world, flow, changes),
  };
}

function deliveryWarnings(domains: readonly string[], others: readonly InboundConnector[]): Warning[] {
  const refused = Map.groupBy(domains, (domain) =>
    others
      .filter((other) => refusesAllOf(other, domain))
      .map(({ Name }) => Name)
      .toSorted()
      .join(', '),
  );
  return [...refused].map(([by, names]): Warning => {
    const which = names.join(', ');
    if (by !== '') return { level: 'notice', text: `Direct delivery to ${which} is still refused by ${by}.` };
    const text = `Anybody can then deliver to ${which} past the gateway, and its scanning, again.`;
    return { level: 'danger', word: 'opens-delivery', text };
  });
}

/** What was edited by hand takes the brake away from nobody, but whoever approves sees it. */
function editWarnings({ setUp, connector, isMarked }: SetUpHere): Warning[] {
  const { Name, Comment } = connector;
  const renamed = `${setUp.connector} is called ${Name} now.`;
  const unmarked = `The comment of ${Name} was changed to “${Comment}” and carries no mark of ours any more; it is known by its Guid.`;
  const edits = [...(Name === setUp.connector ? [] : [renamed]), ...(isMarked ? [] : [unmarked])];
  return edits.map((text) => ({ level: 'notice', text }));
}
