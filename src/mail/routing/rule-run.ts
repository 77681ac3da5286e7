import { type RuleSubject, ruleMatches } from './rule-match.ts';
import type { RouteVerdict, RoutingMessage, RoutingOutbound, RoutingRule, RuleMatch } from './types.ts';

/** What the rules make of a message. */
export interface RuleRun {
  readonly rules: readonly RuleMatch[];
  readonly message: RoutingMessage;
  readonly recipients: readonly string[];
  /** Set by a rule; null for none. */
  readonly scl: number | null;
  /** The outbound connector that a rule chose. */
  readonly connector: RoutingOutbound | null;
  /** How a rule ended the message; null when it goes on. */
  readonly verdict: RouteVerdict | null;
  readonly why: readonly string[];
  readonly doubts: readonly string[];
}

/**
 * Runs the enabled rules in priority until one ends the processing or the message. A rule of which nobody can say
 * whether it matches is left out and named among the doubts. Sources: Microsoft, "Mail flow rule actions" (reject,
 * delete and quarantine end the message), New-TransportRule (StopRuleProcessing, RuleErrorAction, reject codes);
 * 5.7.128 for a rule that sends the same message elsewhere again.
 */
export function runRules(rules: readonly RoutingRule[], subject: RuleSubject): RuleRun {
  let run: RuleRun = {
    rules: [],
    message: subject.message,
    recipients: [subject.message.to],
    scl: null,
    connector: null,
    verdict: null,
    why: [],
    doubts: [],
  };
  const inOrder = rules.filter(({ State }) => State === 'Enabled').toSorted((a, b) => a.Priority - b.Priority);
  for (const rule of inOrder) {
    const matches = ruleMatches(rule, { ...subject, message: run.message });
    if (matches === null) run = doubted(run, rule);
    if (matches !== true) continue;
    const acts = rule.Mode === '' || rule.Mode === 'Enforce';
    run = acts ? applied(run, rule, subject) : watched(run, rule);
    if (run.verdict !== null) break;
    if (rule.StopRuleProcessing && (acts || subject.readings.auditStops)) {
      return noted(run, `The rule "${rule.Name}" ends the processing of rules.`);
    }
  }
  return run;
}

function noted(run: RuleRun, sentence: string): RuleRun {
  return { ...run, why: [...run.why, sentence] };
}

function doubted(run: RuleRun, rule: RoutingRule): RuleRun {
  const because =
    rule.Unfamiliar.length > 0 ? `it uses ${rule.Unfamiliar.join(', ')}` : 'it hangs on what is not known here';
  return { ...run, doubts: [...run.doubts, `Whether the rule "${rule.Name}" matches cannot be told: ${because}.`] };
}

function watched(run: RuleRun, { Name }: RoutingRule): RuleRun {
  const rules = [...run.rules, { name: Name, acts: false }];
  return noted({ ...run, rules }, `The rule "${Name}" matches and only watches.`);
}

function applied(before: RuleRun, rule: RoutingRule, subject: RuleSubject): RuleRun {
  const rules = [...before.rules, { name: rule.Name, acts: true }];
  const matched = noted({ ...before, rules }, `The rule "${rule.Name}" matches.`);
  const diverts = rule.RouteMessageOutboundConnector !== null || rule.RedirectMessageTo.length > 0;
  if (diverts && before.message.divertedBy.includes(rule.Name)) {
    const sentence = `The rule "${rule.Name}" has already sent it elsewhere once: it would go round for ever.`;
    return noted({ ...matched, verdict: { kind: 'looped', code: '5.7.128' } }, sentence);
  }
  const run = routed(changed(matched, rule), rule, subject);
  if (run.verdict !== null) return run;
  const verdict = endOf(rule);
  return verdict === null ? run : noted({ ...run, verdict }, `The rule "${rule.Name}" ends it: ${verdict.kind}.`);
}

function changed(run: RuleRun, rule: RoutingRule): RuleRun {
  const { RemoveHeader, SetHeaderName, SetHeaderValue, RedirectMessageTo } = rule;
  const gone = [RemoveHeader, SetHeaderName].map((name) => name?.toLowerCase());
  const kept = run.message.headers.filter(({ name }) => !gone.includes(name.toLowerCase()));
  const added = SetHeaderName === null ? [] : [{ name: SetHeaderName, value: SetHeaderValue ?? '' }];
  const scl = rule.SetSCL === null ? run.scl : Number(rule.SetSCL);
  const recipients = RedirectMessageTo.length > 0 ? RedirectMessageTo : run.recipients;
  return {
    ...run,
    message: { ...run.message, headers: [...kept, ...added], scl: scl ?? run.message.scl },
    recipients,
    scl,
  };
}

function routed(run: RuleRun, rule: RoutingRule, { tenant, readings }: RuleSubject): RuleRun {
  const wanted = rule.RouteMessageOutboundConnector;
  if (wanted === null) return run;
  const connector = tenant.outboundConnectors.find(({ Name }) => Name.toLowerCase() === wanted.toLowerCase());
  if (!connector?.Enabled || !connector.IsTransportRuleScoped) {
    const told = noted(run, `The connector "${wanted}" of the rule "${rule.Name}" cannot be used by a rule.`);
    return rule.RuleErrorAction === 'Defer' ? { ...told, verdict: { kind: 'deferred', code: '4.7.0' } } : told;
  }
  if (readings.firstRouteWins && run.connector !== null) return run;
  return noted({ ...run, connector }, `The rule "${rule.Name}" routes it through "${connector.Name}".`);
}

function endOf(rule: RoutingRule): RouteVerdict | null {
  const { RejectMessageEnhancedStatusCode: code, RejectMessageReasonText: reason } = rule;
  if (code !== null || reason !== null) return { kind: 'refused', code: code ?? '5.7.1' };
  if (rule.DeleteMessage) return { kind: 'deleted' };
  return rule.Quarantine ? { kind: 'quarantined' } : null;
}
