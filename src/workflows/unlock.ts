import { lockLifted } from '../checks/lock-lifted.ts';
import { defineWorkflow, type Prepared, type Warning } from '../core/workflow.ts';
import { refusesAllOf } from '../mail/routing/restricts.ts';
import type { InboundConnector } from '../ports/exchange-online.ts';
import type { World } from '../ports/world.ts';
import { steps } from '../steps/index.ts';
import { type LockInput, lockInput } from './shared/input.ts';
import { reachOf } from './shared/reach.ts';
import { type SetUpFacts, setUpOf } from './shared/set-up-of.ts';
import { setUpToUnlock } from './shared/set-up-to-unlock.ts';
import type { SetUpHere } from './shared/set-ups-here.ts';
import { gatewayNameOf, insistOnAccepted, profileOf, readMailFlow, receivingDomains } from './shared/tenant-reads.ts';

/**
 * Other locks are no facts: in an outage people work on them while the brake waits for its approvals, and it does the
 * same whatever becomes of them. Warnings name them, and the proof looks at them when it is asked.
 */
type Facts = SetUpFacts & {
  readonly gatewayName: string;
  readonly mailbox: string;
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
    const { connector: name, domain, mailbox, ranges } = facts;
    const title = `Turn off the connector ${name}`;
    await context.run(steps.setInboundConnector, { name, title, risky: true, fields: { Enabled: false } });
    await context.prove(
      {
        title: `Direct delivery to Office 365 for ${domain} is accepted again, or only another connector refuses it`,
        check: lockLifted,
        timing: { settleSeconds: 60, everySeconds: 60, deadlineSeconds: 3600, agreeing: 2 },
        // A brake that did not work must not put the lock back on.
        disproof: 'keep',
      },
      { domain, mailbox, ranges, connector: name },
    );
  },
  result: (facts, proof) => setUpOf(facts, false, proof),
});

async function prepare(world: World, input: LockInput): Promise<Prepared<Facts>> {
  const flow = await readMailFlow(world);
  insistOnAccepted(flow.acceptedDomains, input.domain, world);
  const here = setUpToUnlock(world, input, flow);
  const { setUp, connector } = here;
  const others = flow.inboundConnectors.filter((one) => one !== connector);
  const gatewayName = gatewayNameOf(setUp.gateway);
  const domains = receivingDomains(flow.acceptedDomains);
  // The domain Microsoft gave the tenant receives no mail of customers, but it can be asked for.
  const asked = [...new Set([...domains, input.domain])].toSorted();
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
    },
    warnings: [...deliveryWarnings(asked, others), ...editWarnings(here)],
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
  const { Name, Comment, Guid } = connector;
  const renamed =
    Guid === setUp.guid
      ? `${setUp.connector} is called ${Name} now.`
      : `${Name} carries our mark, so it is taken for the one that was known as ${setUp.connector}.`;
  const unmarked = `The comment of ${Name} was changed to “${Comment}” and carries no mark of ours any more; it is known by its Guid.`;
  const edits = [...(Name === setUp.connector ? [] : [renamed]), ...(isMarked ? [] : [unmarked])];
  return edits.map((text) => ({ level: 'notice', text }));
}
