import { TenantAccessError } from '../../core/errors.ts';
import type { Warning } from '../../core/workflow.ts';
import { type AddressSpan, areOverlapping, isInside, spanOf } from '../../mail/address-span.ts';
import type { InboundConnector } from '../../ports/exchange-online.ts';
import type { HostedConnectionFilterPolicy } from '../../ports/exchange-policies.ts';
import type { TransportRule } from '../../ports/transport-rule.ts';
import type { World } from '../../ports/world.ts';

/** What of a tenant decides whether Office 365 judges the mail that a gateway delivers. */
export interface FilteringFacts {
  readonly gatewayName: string;
  /** The addresses the gateway delivers from. */
  readonly ranges: readonly string[];
  readonly transportRules: readonly TransportRule[];
  /** All inbound connectors but the one that is set up. */
  readonly otherConnectors: readonly InboundConnector[];
  /** Null when we may not read it. */
  readonly connectionFilters: readonly HostedConnectionFilterPolicy[] | null;
  readonly now: Date;
}

/** The connection filter; a tenant that does not let us read it can be set up all the same. */
export async function readConnectionFilters({
  exchange,
}: World): Promise<readonly HostedConnectionFilterPolicy[] | null> {
  try {
    return await exchange.list('Get-HostedConnectionFilterPolicy');
  } catch (error) {
    if (error instanceof TenantAccessError) return null;
    throw error;
  }
}

/** What makes Office 365 pass the gateway's mail unjudged, or refuse it, whatever the connector says. */
export function filteringWarnings(facts: FilteringFacts): Warning[] {
  const spans = spansOf(facts.ranges);
  return [
    ...facts.transportRules.filter((rule) => bypasses(rule, spans, facts.now)).map((rule) => ruleWarning(rule, facts)),
    ...facts.otherConnectors.filter(({ EFTestMode }) => EFTestMode).map(testModeWarning),
    ...(facts.connectionFilters?.flatMap((filter) => filterWarnings(filter, spans, facts)) ?? [unreadFilter(facts)]),
  ];
}

/** Whether a rule that acts takes mail from some of the addresses past spam filtering. */
function bypasses(rule: TransportRule, spans: readonly AddressSpan[], now: Date): boolean {
  const acts = rule.State === 'Enabled' && (rule.Mode === '' || rule.Mode === 'Enforce');
  const isOver = rule.ExpiryDate !== null && Date.parse(rule.ExpiryDate) <= now.getTime();
  if (!acts || isOver || rule.SetSCL !== '-1') return false;
  const left = spans.filter((span) => !isWithinOne(span, rule.ExceptIfSenderIpRanges));
  return rule.SenderIpRanges.length === 0
    ? left.length > 0 && !asksWhoSends(rule)
    : haveCommon(left, spansOf(rule.SenderIpRanges));
}

/** Whether something else than the address decides, so that nothing can be said of all the gateway's mail. */
function asksWhoSends(rule: TransportRule): boolean {
  const lists = [
    rule.From,
    rule.FromAddressContainsWords,
    rule.FromAddressMatchesPatterns,
    rule.FromMemberOf,
    rule.SenderDomainIs,
    rule.Unfamiliar,
  ];
  const words = [rule.HeaderContainsMessageHeader, rule.HeaderMatchesMessageHeader, rule.MessageTypeMatches];
  return (
    lists.some((list) => list.length > 0) || words.some((word) => word !== null) || rule.FromScope === 'InOrganization'
  );
}

function ruleWarning({ Name, SenderIpRanges }: TransportRule, { gatewayName }: FilteringFacts): Warning {
  const whose = SenderIpRanges.length === 0 ? 'mail from every address' : `mail from ${SenderIpRanges.join(', ')}`;
  return {
    level: 'danger',
    word: 'weakens-filtering',
    text:
      `The transport rule ${Name} sets SCL -1 for ${whose}, so what ${gatewayName} delivers passes spam filtering ` +
      'unjudged. Enhanced filtering exists to have it judged by its true sender; only one of the two may be used. An ' +
      `administrator of Exchange disables the rule (Disable-TransportRule) or excepts the addresses of ${gatewayName} ` +
      'from it before the connector is switched on.',
  };
}

function testModeWarning({ Name }: InboundConnector): Warning {
  const text =
    `Enhanced filtering of the connector ${Name} is in test mode (EFTestMode), so it acts for nobody. Only Microsoft ` +
    'can end that; an administrator opens a support case, or makes the connector anew.';
  return { level: 'notice', text };
}

function filterWarnings(
  filter: HostedConnectionFilterPolicy,
  spans: readonly AddressSpan[],
  { gatewayName }: FilteringFacts,
): Warning[] {
  const { Identity, IPAllowList, IPBlockList, EnableSafeList } = filter;
  const allowed = entriesAmong(IPAllowList, spans).join(', ');
  // Whatever is on both lists is allowed.
  const blocked = entriesAmong(IPBlockList, spans)
    .filter((entry) => !spansOf([entry]).every((span) => isWithinOne(span, IPAllowList)))
    .join(', ');
  const warnings: (Warning | null)[] = [
    blocked === ''
      ? null
      : {
          level: 'danger',
          word: 'refuses-mail',
          text:
            `The connection filter ${Identity} blocks ${blocked}, from where ${gatewayName} delivers: its mail is ` +
            'refused. An administrator of Exchange takes these entries out of IPBlockList before MX is moved.',
        },
    allowed === ''
      ? null
      : {
          level: 'danger',
          word: 'weakens-filtering',
          text:
            `The connection filter ${Identity} allows ${allowed}, so what ${gatewayName} delivers from there passes ` +
            'spam filtering unjudged, beside enhanced filtering. An administrator of Exchange takes these entries out ' +
            'of IPAllowList, unless the gateway asks for them.',
        },
    EnableSafeList
      ? {
          level: 'notice',
          text:
            `The connection filter ${Identity} uses Microsoft's safe list (EnableSafeList), and nobody can see which ` +
            `addresses are on it: if those of ${gatewayName} are, its mail passes spam filtering unjudged. An ` +
            'administrator of Exchange switches it off in the connection filter.',
        }
      : null,
  ];
  return warnings.filter((warning) => warning !== null);
}

function unreadFilter({ gatewayName }: FilteringFacts): Warning {
  const text =
    `Whether the connection filter allows or blocks the addresses of ${gatewayName} is not known: Switchyard may not ` +
    'read it. An administrator of Exchange looks at its IPAllowList, IPBlockList and EnableSafeList.';
  return { level: 'notice', text };
}

function entriesAmong(entries: readonly string[], spans: readonly AddressSpan[]): string[] {
  return entries.filter((entry) => haveCommon(spansOf([entry]), spans));
}

/** Whether one entry of a list holds all these addresses. */
function isWithinOne(span: AddressSpan, entries: readonly string[]): boolean {
  return spansOf(entries).some((outer) => isInside(span, outer));
}

function haveCommon(some: readonly AddressSpan[], others: readonly AddressSpan[]): boolean {
  return some.some((one) => others.some((other) => areOverlapping(one, other)));
}

function spansOf(entries: readonly string[]): AddressSpan[] {
  return entries.map(spanOf).filter((span) => span !== null);
}
