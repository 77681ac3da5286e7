import type { JsonObject } from '../core/json.ts';
import type { Plan, PlanDifference, PlannedProof } from '../core/plan.ts';
import type { Decision, ProvisioningRequest } from '../core/request.ts';
import { behindModel } from './behind.ts';
import { roomy } from './budget.ts';
import { codeLines, lines } from './lines.ts';
import { type ChangesRoom, changesModel, isWrite } from './plan-changes.ts';
import { powershell, undoLine } from './powershell.ts';
import { requestHead } from './request-head.ts';
import { barePlan, bareRequest, samplePlan, sampleRequest } from './samples.ts';
import { clean } from './text.ts';
import { showDuration, showMoment, showTime } from './time.ts';
import { showValue } from './value.ts';
import { defineView } from './view.ts';

/** A request whose plan waits for its decision. */
export interface PlanInput {
  readonly request: ProvisioningRequest;
  readonly plan: Plan;
  readonly now: Date;
  /** False where the card is only shown and decides nothing. */
  readonly buttons: boolean;
}

interface PlanRoom extends ChangesRoom {
  readonly lines: number;
  readonly code: number;
  readonly codeLines: number;
}

const mostCode = 12;

// From generous to bare; the first that fits on a Teams card is taken.
const rooms: readonly PlanRoom[] = [
  { objects: 20, rows: 50, text: 400, list: 12, lines: 12, code: 1500, codeLines: mostCode },
  { objects: 12, rows: 36, text: 300, list: 8, lines: 10, code: 800, codeLines: 8 },
  { objects: 8, rows: 24, text: 200, list: 6, lines: 8, code: 400, codeLines: 6 },
  { objects: 6, rows: 14, text: 120, list: 3, lines: 5, code: 200, codeLines: 4 },
  { objects: 3, rows: 3, text: 60, list: 1, lines: 2, code: 80, codeLines: 1 },
];

const weight = { fixed: 6200, row: 400 };

export const planView = defineView<PlanInput>({
  template: 'plan',
  model: (input) => {
    const code = planCode(input.plan);
    return roomy(rooms, weight, (room) => ({ ...planModel(input, room), ...codeModel(code, room) }));
  },
  summary: ({ request }) =>
    request.planVersion > 1
      ? `${request.id}: the plan for ${request.tenant.name} has changed – it needs a new decision`
      : `${request.id}: plan for ${request.tenant.name} is ready – needs an approver`,
  sample: { request: sampleRequest, plan: samplePlan, now: new Date('2026-11-21T14:05:00Z'), buttons: true },
  minimal: { request: bareRequest, plan: barePlan, now: new Date('2026-11-21T14:05:00Z'), buttons: false },
});

function planModel({ request, plan, now, buttons }: PlanInput, room: PlanRoom): JsonObject {
  const dangers = plan.warnings.filter(({ level }) => level === 'danger').map(({ text }) => text);
  const notices = plan.warnings.filter(({ level }) => level === 'notice').map(({ text }) => text);
  const changes = changesModel(plan, room);
  return {
    ...requestHead(request),
    ...behindModel(request),
    decideBy: request.decideBy === null ? 'no time limit' : showTime(request.decideBy, now),
    ...changes,
    hasKept: changes.kept.length > 0,
    hasMoreObjects: changes.moreObjects > 0,
    moreObjectsNote: `… and ${changes.moreObjects} more objects`,
    hasDangers: dangers.length > 0,
    dangers: lines(dangers, room.lines, room.text),
    hasNotices: notices.length > 0,
    notices: lines(notices, room.lines, room.text),
    ...differencesModel(request, room, now),
    hasProofs: plan.proofs.length > 0,
    proofs: plan.proofs.slice(0, room.lines).map((proof) => proofModel(proof, room)),
    hasUntouched: plan.untouched.length > 0,
    untouched: lines(plan.untouched, room.lines, room.text),
    hasBlastRadius: plan.blastRadius.length > 0,
    blastRadius: lines(plan.blastRadius, room.lines, room.text),
    ...guardsModel(plan, room),
    fingerprint: grouped(plan.digest),
    madeAt: `Plan ${request.planVersion || 1} · read from the tenant at ${showMoment(plan.madeAt, now)}`,
    shortened: changes.hides,
    buttons,
    requestId: request.id,
    digest: plan.digest.slice(0, 16),
    nonce: request.nonce,
  };
}

function differencesModel(request: ProvisioningRequest, room: PlanRoom, now: Date) {
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
    voided: voided.slice(-3).map((decision) => ({ text: voidedText(decision, now) })),
  };
}

function voidedText(decision: Decision, now: Date): string {
  const did = decision.verdict === 'approve' ? 'approved' : 'denied';
  return `${clean(decision.by.name, 80)} ${did} the earlier plan at ${showMoment(decision.at, now)}; that no longer counts.`;
}

function differenceModel({ subject, planned, now }: PlanDifference, room: PlanRoom) {
  return {
    subject: clean(subject, Math.min(160, room.text)),
    planned: showValue(planned, room),
    now: showValue(now, room),
  };
}

function proofModel({ title, timing }: PlannedProof, room: PlanRoom) {
  const settle = timing.settleSeconds > 0 ? `Nothing is expected for ${showDuration(timing.settleSeconds)}; then` : '';
  const asks = `${settle || 'It is'} tried every ${showDuration(timing.everySeconds)}`;
  const needs = `${timing.agreeing} in a row must agree`;
  return {
    title: clean(title, room.text),
    timing: `${asks}. ${needs}, at the latest ${showDuration(timing.deadlineSeconds)} after the change.`,
  };
}

const guardMarks = { pass: '✓ holds', warn: '⚠ holds, with a doubt', fail: '✗ does not hold', unknown: '? unknown' };

function guardsModel(plan: Plan, room: PlanRoom) {
  const shown = plan.guards.slice(0, room.lines).map(({ finding }) => ({
    mark: guardMarks[finding.status],
    rule: clean(finding.rule, room.text),
    fact: clean(finding.fact, room.text),
  }));
  const more = plan.guards.length - shown.length;
  return {
    hasGuards: shown.length > 0,
    guards: shown,
    hasMoreGuards: more > 0,
    moreGuards: `… and ${more} more`,
  };
}

interface Code {
  readonly calls: readonly string[];
  readonly undo: readonly string[];
  readonly total: number;
}

// Written once, however often the card is tried for size.
function planCode(plan: Plan): Code {
  const writes = plan.changes.filter(isWrite);
  const calls = writes.flatMap(({ call }) => (call === null ? [] : [call]));
  return {
    calls: calls.slice(0, mostCode).map(powershell),
    undo: writes.toReversed().slice(0, mostCode).map(undoLine),
    total: writes.length,
  };
}

function codeModel({ calls, undo, total }: Code, room: PlanRoom) {
  return {
    hasCode: total > 0,
    code: codeLines(calls.slice(0, room.codeLines), total, room.code),
    undo: codeLines(undo.slice(0, room.codeLines), total, room.code),
  };
}

/** The first twelve digits of a digest, in groups that can be read out. */
function grouped(digest: string): string {
  return (
    digest
      .slice(0, 12)
      .match(/.{1,4}/g)
      ?.join(' ') ?? ''
  );
}
