import { z } from 'zod/v4';
import { connectorAsPlanned } from '../checks/connector-as-planned.ts';
import { RefusedError } from '../core/errors.ts';
import { defineWorkflow, type Prepared, type Warning } from '../core/workflow.ts';
import { findGateway, type Gateway, gateways } from '../mail/gateways/index.ts';
import { parseRanges, splitForExchange } from '../mail/ip-ranges.ts';
import { classifyMx, parseMxPatterns } from '../mail/mx.ts';
import type { InboundConnector } from '../ports/exchange-online.ts';
import type { World } from '../ports/world.ts';
import { steps } from '../steps/index.ts';
import { filteringWarnings, readConnectionFilters } from './shared/filtering-warnings.ts';
import { forEverybody } from './shared/for-everybody.ts';
import { domainInput } from './shared/input.ts';
import { connectorName, isOurs, markLine, ownershipMark } from './shared/ownership.ts';
import { reachOf } from './shared/reach.ts';
import { restrictionsOf, restrictionWarnings } from './shared/restricting-others.ts';
import { type SetUpFacts, setUpOf } from './shared/set-up-of.ts';
import { markedOne, setUpsHere } from './shared/set-ups-here.ts';
import { insistOnAccepted, type MailFlow, readMailFlow, receivingDomains } from './shared/tenant-reads.ts';
import { transportSecurityWarnings } from './shared/transport-security.ts';

const Input = z.strictObject({
  domain: domainInput,
  gateway: z.string().min(1, 'name the gateway, e.g. exchangedefender').max(60),
  /** Only for the generic gateway: what it delivers from, and its MX hosts. */
  ranges: z.string().max(4000).optional(),
  mx: z.string().max(1000).optional(),
});
type Input = z.infer<typeof Input>;

type Facts = SetUpFacts & {
  readonly exists: boolean;
  /** Whether the connector is on now, so that switching it off opens direct delivery. */
  readonly enabled: boolean;
  /** Other connectors that refuse mail, and whose: an approval is given in their presence or absence. */
  readonly restrictions: readonly string[];
};

export const setUpGateway = defineWorkflow<Input, Facts, World>({
  name: 'set-up-gateway',
  version: 1,
  title: 'Set up a gateway',
  summary: 'Prepares an inbound connector for the gateway, switched off: mail keeps flowing as it does.',
  phrases: [
    'set up gateway {gateway} for {domain}',
    'setup gateway {gateway} {domain}',
    'connect gateway {gateway} {domain}',
    'set up {gateway} for {domain}',
    'setup {gateway} {domain}',
    'connect {gateway} {domain}',
  ],
  input: Input,
  form: [
    { id: 'domain', label: 'Domain', kind: 'text', placeholder: 'contoso.com', required: true },
    {
      id: 'gateway',
      label: 'Gateway',
      kind: 'choice',
      placeholder: 'Choose the gateway',
      required: true,
      choices: gateways.map(({ key, name }) => ({ title: name, value: key })),
    },
    {
      id: 'ranges',
      label: 'Addresses it delivers from (generic gateway only)',
      kind: 'lines',
      placeholder: '203.0.113.0/24, 198.51.100.7',
      required: false,
    },
    {
      id: 'mx',
      label: 'Its MX hosts (generic gateway only)',
      kind: 'lines',
      placeholder: 'mx1.gateway.example, mx2.gateway.example',
      required: false,
    },
  ],
  missing: ({ gateway, ranges, mx }) =>
    gateway === 'generic' ? [...(ranges ? [] : ['ranges']), ...(mx ? [] : ['mx'])] : [],
  prepare,
  run: async (context, facts) => {
    const wanted = { ...connectorFields(facts), ...enhancedFiltering(facts), ...forEverybody, EFUsers: [] };
    if (facts.exists) {
      const title = `Bring ${facts.connector} back to the gateway's values`;
      await context.run(steps.setInboundConnector, {
        name: facts.connector,
        title,
        risky: facts.enabled,
        fields: wanted,
      });
    } else {
      const title = `Create ${facts.connector}, switched off`;
      const fields = connectorFields(facts);
      await context.run(steps.newInboundConnector, { name: facts.connector, title, fields });
      await context.run(steps.setInboundConnector, {
        name: facts.connector,
        title: 'Set enhanced filtering to skip the same addresses',
        risky: false,
        fields: enhancedFiltering(facts),
      });
    }
    const timing = { settleSeconds: 0, everySeconds: 10, deadlineSeconds: 300, agreeing: 1 };
    const proof = { title: 'The connector reads back as planned', check: connectorAsPlanned, timing };
    await context.prove(proof, { connector: facts.connector, expected: { ...wanted, EFTestMode: false } });
  },
  result: (facts, proof) => setUpOf(facts, false, proof),
});

/** Nothing, where the connector is on: then mail flow is what changes. */
function mailFlowSentences(existing: { readonly Enabled: boolean } | undefined, domain: string): string[] {
  if (existing?.Enabled) return [];
  const how = existing === undefined ? 'is created' : 'stays';
  return [`Mail flow: the connector ${how} switched off, mail for ${domain} keeps arriving as it does now.`];
}

async function prepare(world: World, input: Input): Promise<Prepared<Facts>> {
  const gateway = gatewayOf(input);
  const [flow, connectionFilters, mxViews, policyViews] = await Promise.all([
    readMailFlow(world),
    readConnectionFilters(world),
    world.dns.mx(input.domain),
    world.dns.texts(`_mta-sts.${input.domain}`),
  ]);
  insistOnAccepted(flow.acceptedDomains, input.domain, world);
  const usual = connectorName(gateway.name);
  const existing = existingConnector(flow, gateway.key, usual);
  const connector = existing?.Name ?? usual;
  insistOnOurs(existing, gateway, world);
  insistOnNoTest(existing, world);
  const others = flow.inboundConnectors.filter((one) => one !== existing);
  const domains = receivingDomains(flow.acceptedDomains);
  const filtering = filteringWarnings({
    gatewayName: gateway.name,
    ranges: gateway.ranges,
    transportRules: flow.transportRules,
    otherConnectors: others,
    connectionFilters,
    now: world.clock.now(),
  });
  const security = { domain: input.domain, gatewayName: gateway.name, mx: mxViews, policy: policyViews };
  const atGateway = mxViews.every(({ records }) => classifyMx(records, gateway.mxPatterns) === 'gateway');
  return {
    title: `Set up ${gateway.name} for ${input.domain}`,
    facts: {
      tenantId: world.tenant.id,
      domain: input.domain,
      gateway: gateway.key,
      gatewayVersion: gateway.version,
      connector,
      ...(existing && { guid: existing.Guid }),
      exists: existing !== undefined,
      enabled: existing?.Enabled ?? false,
      ranges: gateway.ranges,
      mxPatterns: gateway.mxPatterns,
      restrictions: restrictionsOf(others, gateway.ranges),
    },
    warnings: [
      ...gatewayWarnings(gateway),
      ...restrictionWarnings(others, { gatewayName: gateway.name, connector, ranges: gateway.ranges }),
      ...stateWarnings(existing, usual),
      ...filtering,
      ...transportSecurityWarnings(security),
    ],
    untouched: [
      ...mailFlowSentences(existing, input.domain),
      `DNS: no MX record is changed${atGateway ? `; ${input.domain} already points at ${gateway.name}` : ''}.`,
      `Other inbound connectors (${others.length}), outbound connectors (${flow.outboundConnectors.length}) and transport rules (${flow.transportRules.length}).`,
    ],
    blastRadius: [
      `Tenant ${world.tenant.name}. The connector names all sender domains (*), so once it is switched on it decides over mail to ${domains.join(', ')}.`,
    ],
    profile: `${gateway.key}@${gateway.version}`,
    reach: (changes) => reachOf(world, flow, changes),
  };
}

/** Ours whatever it is called now; a second one beside it would take its place in what we know, and hide its lock. */
function existingConnector(flow: MailFlow, gateway: string, usual: string): InboundConnector | undefined {
  const { inboundConnectors: connectors } = flow;
  const { certain } = setUpsHere(flow);
  const known = certain.find(({ setUp }) => setUp.gateway === gateway)?.connector;
  const marked = connectors.filter(({ Comment }) => isOurs(Comment, gateway));
  return known ?? markedOne(marked, usual) ?? connectors.find(({ Name }) => Name === usual);
}

function connectorFields(facts: Facts): Record<string, string | boolean | readonly string[]> & {
  SenderDomains: readonly string[];
} {
  return {
    ConnectorType: 'Partner',
    SenderDomains: ['*'],
    SenderIPAddresses: facts.ranges,
    RequireTls: true,
    RestrictDomainsToIPAddresses: true,
    Enabled: false,
    Comment: ownershipMark(facts.gateway),
  };
}

function enhancedFiltering(facts: Facts): Record<string, boolean | readonly string[]> {
  return { EFSkipLastIP: false, EFSkipIPs: facts.ranges };
}

type ChosenGateway = Pick<Gateway, 'key' | 'name' | 'ranges' | 'mxPatterns' | 'version' | 'confidence'>;

function gatewayOf(input: Input): ChosenGateway {
  const found = findGateway(input.gateway);
  if (found.kind !== 'found') {
    throw refused(
      `I know no gateway ${input.gateway}.`,
      'Type gateways for the list, or use generic and type its addresses.',
    );
  }
  const { gateway } = found;
  if (gateway.key !== 'generic') {
    if (input.ranges || input.mx) {
      throw refused(
        `The addresses and MX hosts of ${gateway.name} are known, so the typed ones would not be used.`,
        'Ask again without them, or name the gateway generic to use your own.',
      );
    }
    return { ...gateway, ranges: legal(gateway.ranges) };
  }
  const patterns = parseMxPatterns(input.mx ?? '');
  if (!patterns.ok)
    throw refused(patterns.reasons.join(' '), 'Name the MX hosts of the gateway, e.g. mx mx1.gateway.example.');
  return { ...gateway, ranges: legal(input.ranges ?? ''), mxPatterns: patterns.patterns };
}

function legal(ranges: string | readonly string[]): readonly string[] {
  const parsed = parseRanges(ranges);
  const split = parsed.ok ? splitForExchange(parsed.ranges) : parsed;
  if (split.ok) return split.ranges;
  throw refused(split.reasons.join(' '), 'Name the addresses the gateway delivers from, e.g. ranges 203.0.113.0/24.');
}

function insistOnOurs(existing: InboundConnector | undefined, gateway: ChosenGateway, world: World): void {
  if (!existing || isOurs(existing.Comment, gateway.key)) return;
  const { Name } = existing;
  const line = markLine(Name, gateway.key);
  if (Name !== connectorName(gateway.name)) {
    throw refused(
      `${Name} in ${world.tenant.name} is the connector Switchyard made, by its Guid, but its comment carries no mark of ours any more.`,
      `An administrator of Exchange puts the mark back in Exchange Online PowerShell, then ask again: ${line}`,
    );
  }
  throw refused(
    `${world.tenant.name} already has a connector named ${Name}, and it carries no mark of Switchyard in its comment.`,
    `An administrator of Exchange renames or removes it; or, if it is one made with Switchyard, puts the mark back: ${line} Then ask again.`,
  );
}

/** Enhanced filtering that is only tried out acts for nobody, and the switch of the trial is Microsoft's alone. */
function insistOnNoTest(existing: InboundConnector | undefined, world: World): void {
  if (!existing?.EFTestMode) return;
  throw refused(
    `Enhanced filtering of ${existing.Name} in ${world.tenant.name} is in test mode (EFTestMode), so it acts for nobody, and only Microsoft can end that.`,
    'An administrator of Exchange opens a support case with Microsoft; or unlocks the domain, removes the connector and asks again, which makes a new one.',
  );
}

function stateWarnings(existing: InboundConnector | undefined, usual: string): Warning[] {
  if (!existing) return [];
  const { Name, Enabled } = existing;
  const lifted = `${Name} is switched on now and will be switched off: the lock is lifted.`;
  const renamed = `${usual} is called ${Name} now, and keeps that name.`;
  return [
    ...(Enabled ? [{ level: 'danger' as const, word: 'opens-delivery' as const, text: lifted }] : []),
    ...(Name === usual ? [] : [{ level: 'notice' as const, text: renamed }]),
  ];
}

function gatewayWarnings(gateway: ChosenGateway): Warning[] {
  if (gateway.confidence === 'high' || gateway.confidence === 'user') return [];
  const text = `The addresses of ${gateway.name} come from a source we trust only partly. Compare them with the vendor's page before approving.`;
  return [{ level: 'danger', word: 'doubtful-facts', text }];
}

function refused(message: string, next: string): RefusedError {
  return new RefusedError(message, { operation: 'set-up-gateway', next });
}
