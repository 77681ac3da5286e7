import type { Json } from '../core/json.ts';
import type { PlanDifference } from '../core/plan-difference.ts';
import type { Decision, ProvisioningRequest } from '../core/request.ts';
import { factName } from './fact-names.ts';
import { clean } from './text.ts';
import { localMoment } from './time.ts';
import { type Room, showValue } from './value.ts';

/** How much of a difference fits on the card. */
export interface DifferencesRoom extends Room {
  readonly lines: number;
}

/** Why the plan is not the one that was decided on: who had decided, and each difference from three sides. */
export function differencesModel(request: ProvisioningRequest, room: DifferencesRoom) {
  const all = request.differences;
  const shown = all.slice(0, room.lines).map((difference) => differenceModel(difference, room));
  const voided = request.decisions.filter((decision) => decision.voided);
  return {
    superseded: all.length > 0 || voided.length > 0,
    hasDifferences: shown.length > 0,
    differences: shown,
    hasMoreDifferences: all.length > shown.length,
    moreDifferences: `… and ${all.length - shown.length} more`,
    hasVoided: voided.length > 0,
    voided: voided.slice(-3).map((decision) => ({ text: voidedText(decision) })),
  };
}

/** What a difference is about, e.g. `InboundConnector Gateway · Enabled`. */
export function subjectOf({ about, subject, field }: PlanDifference): string {
  const named = about === 'fact' && field === null ? factName(subject) : subject;
  return field === null ? named : `${named} · ${about === 'fact' ? factName(field) : field}`;
}

/** The sides of a difference with their names, in the order in which they are read. */
export function sidesOf(difference: PlanDifference): readonly { readonly label: string; readonly value: Json }[] {
  const { about, plannedFrom, wanted, now, wantedNow } = difference;
  return [
    { label: 'When it was planned', value: plannedFrom },
    ...(about === 'object' ? [{ label: 'That plan would have made it', value: wanted }] : []),
    { label: 'Now it is', value: now },
    ...(wantedNow === undefined ? [] : [{ label: 'This plan makes it', value: wantedNow }]),
  ];
}

function differenceModel(difference: PlanDifference, room: Room) {
  return {
    subject: clean(subjectOf(difference), Math.max(80, room.text)),
    sides: sidesOf(difference).map(({ label, value }) => ({ label: `${label}:  `, value: showValue(value, room) })),
  };
}

function voidedText(decision: Decision): string {
  const did = decision.verdict === 'approve' ? 'approved' : 'denied';
  return `${clean(decision.by.name, 80)} ${did} the earlier plan at ${localMoment(decision.at)}; that no longer counts.`;
}
