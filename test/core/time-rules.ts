import { isBroken } from '../../src/core/break-glass.ts';
import { samePerson } from '../../src/core/person.ts';
import type { PolicyDocument } from '../../src/core/policy/approval-policy.ts';
import { isWithin } from '../../src/core/policy/calendar.ts';
import { isOpen, type ProvisioningRequest } from '../../src/core/request.ts';
import type { GateContext, RequestEvent, Transition } from '../../src/core/request-event.ts';
import { runCall } from '../../src/core/transitions/run-call.ts';

const minute = 60_000;

interface Seen {
  readonly before: ProvisioningRequest;
  readonly event: RequestEvent;
  readonly context: GateContext;
  readonly result: Transition;
  /** Ids of everything people were told. */
  readonly told: Set<string>;
  /** Ids of all runs that were asked for. */
  readonly runs: Set<string>;
}

function insist(holds: boolean, rule: string): void {
  if (!holds) throw new Error(`broken rule: ${rule}`);
}

/** What must hold whatever happens and whenever, stated independently of how it is built. */
export const timeRules: readonly ((seen: Seen) => void)[] = [
  ({ before, result, context }) => {
    if (result.kind !== 'moved' || result.request.state !== 'running' || before.state === 'running') return;
    const { document } = context.policy;
    const { startBy } = before.clocks;
    insist(startBy !== null && Date.parse(startBy) > context.now.getTime(), 'nothing starts after its time');
    if (isBroken(before)) return;
    insist(isWindowOpen(document, context.now), 'nothing starts outside a change window');
    insist(!isFrozen(document, context.now), 'nothing starts in a freeze');
  },
  ({ before, result, context }) => {
    if (result.kind !== 'moved' || !result.effects.some((one) => one.kind === 'start' && one.call.id.includes(':run:')))
      return;
    const { document } = context.policy;
    const mayStart = isWindowOpen(document, context.now) && !isFrozen(document, context.now);
    insist(mayStart || isBroken(result.request), 'a run is asked for in the window only, and in no freeze');
    insist(before.clocks.starts + 1 === result.request.clocks.starts, 'every start has a name of its own');
  },
  ({ result, runs }) => {
    if (result.kind !== 'moved') return;
    for (const effect of result.effects) if (effect.kind === 'start') runs.add(effect.call.id);
    const { request } = result;
    if (request.state !== 'approved' || request.clocks.hold !== null) return;
    insist(runs.has(runCall(request).id), 'what may start has its run asked for');
  },
  ({ event, result, told }) => {
    if (result.kind !== 'moved') return;
    for (const effect of result.effects) {
      if (effect.kind !== 'notice') continue;
      insist(!told.has(effect.id), `nobody is told twice: ${event.type}`);
      told.add(effect.id);
    }
  },
  ({ before, event, context, result }) => {
    if (event.type !== 'remind' || result.kind !== 'moved') return;
    const { document } = context.policy;
    const left = Date.parse(before.decideBy ?? '') - context.now.getTime();
    insist(before.state === 'awaiting-approval' && left <= 60 * minute, 'reminders come when a rung is reached');
    const quietNow = document.quietHours !== null && isWithin(document.quietHours, document.timeZone, context.now);
    // The decision is due 22:00 UTC, which is within these quiet hours, or before they end.
    if (quietNow) insist(dueInQuiet(before, document), 'nobody is reminded in quiet hours');
    const rungs = (request: ProvisioningRequest) =>
      document.remindBeforeMinutes.filter((one) => {
        const at = Date.parse(request.decideBy ?? '') - one * minute;
        return at > Date.parse(request.clocks.remindedTo ?? '1970-01-01T00:00:00Z');
      }).length;
    insist(rungs(result.request) < rungs(before), 'every rung is used once');
    insist(result.effects.filter(({ kind }) => kind === 'notice').length > 0, 'a reminder is told');
  },
  ({ before, event, context, result }) => {
    if (event.type !== 'widen' || result.kind !== 'moved') return;
    const since = Date.parse(before.clocks.awaitedSince ?? '');
    const widened = result.request.clocks.widened;
    insist(widened === before.clocks.widened + 1 && widened <= 2, 'one ring more is asked, and none that is not there');
    insist(context.now.getTime() >= since + widened * 20 * minute, 'the next ring is asked when its time has come');
  },
  ({ before, event, context, result }) => {
    if (result.kind !== 'moved' || result.request.state !== 'expired' || before.state === 'expired') return;
    const by = event.type === 'expire' ? before.decideBy : before.clocks.startBy;
    insist(by !== null && Date.parse(by) <= context.now.getTime(), 'nothing expires early');
    insist(
      event.type === 'expire'
        ? before.state === 'awaiting-approval'
        : before.state === 'approved' || before.state === 'confirming',
      'an undecided request expires by one clock, an approved one by the other',
    );
  },
  ({ before, event, context, result }) => {
    if (event.type !== 'break-glass' || result.kind !== 'moved') return;
    const { document } = context.policy;
    insist(document.breakGlass !== null, 'break-glass needs a policy that allows it');
    insist(event.actor.roles.includes('break-glass'), 'break-glass needs its role');
    const kinds = before.plan?.changes.map(({ object }) => object.kind) ?? [];
    insist(!kinds.includes('ApprovalPolicy'), 'nobody changes the approval policy alone');
    insist(event.reason.trim().length >= 10, 'break-glass needs a reason');
    insist(before.state === 'awaiting-approval' || before.state === 'approved', 'break-glass needs a plan that waits');
    const to = result.effects.flatMap((one) => (one.kind === 'notice' && one.notice.urgent ? [one.audience] : []));
    insist(
      ['thread', 'requester', 'operators'].every((one) => to.some((other) => other === one)),
      'break-glass is loud',
    );
    insist(result.audit?.action === 'break-glass', 'break-glass is on record');
    const left = result.request.breakGlass;
    insist(left !== null && left.answer === null && left.review === null, 'break-glass is to be answered for');
  },
  ({ before, event, result }) => {
    if (result.kind !== 'moved' || result.request.state !== 'running' || before.state === 'running') return;
    const approved = result.request.decisions.some(({ verdict, voided }) => verdict === 'approve' && !voided);
    insist(approved || isBroken(before), 'a run was approved, or started in an emergency');
    insist(event.type === 'run-started', 'only a run starts');
  },
  ({ before, event, result, context }) => {
    if (event.type !== 'start-unclear' || result.kind !== 'moved' || result.request.state === 'expired') return;
    const { state, decisions, clocks } = result.request;
    insist(
      state === 'approved' && !decisions.some(({ voided }, index) => voided && !before.decisions[index]?.voided),
      'what nobody can tell voids no approval',
    );
    insist(clocks.hold !== null, 'what nobody can tell starts nothing');
    const isUnclear = clocks.hold?.unclear !== undefined;
    const wait = Date.parse(clocks.hold?.until ?? '') - context.now.getTime();
    insist(!isUnclear || (wait >= minute && wait <= 10 * minute), 'what nobody can tell is looked at again soon');
  },
  ({ before, event, result }) => {
    if (event.type !== 'review' || result.kind !== 'moved') return;
    const by = before.breakGlass?.by;
    insist(by !== undefined && !samePerson(event.actor, by), 'nobody reviews an own emergency start');
    insist(
      before.breakGlass?.answer != null && before.breakGlass.review === null,
      'what was answered is reviewed once',
    );
  },
  ({ before, event, result }) => {
    if (event.type !== 'answer' || result.kind !== 'moved') return;
    const by = before.breakGlass?.by;
    insist(by !== undefined && samePerson(event.actor, by), 'everybody answers for themselves');
    insist(before.breakGlass?.answer === null, 'an answer is given once');
    const isItsPlan = before.breakGlass?.planVersion === before.planVersion;
    const isUnderWay = ['confirming', 'approved', 'running'].includes(before.state);
    insist(!isItsPlan || !isUnderWay, 'nothing is answered for before it has ended');
  },
  ({ result, context }) => {
    if (result.kind !== 'moved') return;
    const { state, clocks, decideBy } = result.request;
    const waits = state === 'awaiting-approval' ? decideBy : state === 'approved' ? clocks.startBy : null;
    if (waits !== null) {
      insist(clocks.nextDue !== null && clocks.nextDue <= waits, 'whoever waits is looked at before its time is up');
    }
    insist(clocks.duePolicy === context.policy.version, 'what is due is worked out by the policy in force');
    const isOwed = result.request.breakGlass !== null && result.request.breakGlass.review === null;
    if (!isOpen(state) && !isOwed) insist(clocks.nextDue === null, 'nothing is due after the end');
  },
];

function isWindowOpen(document: PolicyDocument, now: Date): boolean {
  return document.changeWindows.some((hours) => isWithin(hours, document.timeZone, now));
}

function isFrozen({ freezes }: PolicyDocument, now: Date): boolean {
  return freezes.some(({ from, to }) => Date.parse(from) <= now.getTime() && now.getTime() < Date.parse(to));
}

function dueInQuiet(request: ProvisioningRequest, document: PolicyDocument): boolean {
  const decideBy = new Date(Date.parse(request.decideBy ?? '') - 1);
  return document.quietHours !== null && isWithin(document.quietHours, document.timeZone, decideBy);
}
