import { dangerWords, wordsOf } from '../core/danger.ts';
import type { JsonObject } from '../core/json.ts';
import type { Plan, PlannedProof } from '../core/plan.ts';
import type { ProvisioningRequest } from '../core/request.ts';
import type { Warning } from '../core/workflow.ts';
import { approvalModel } from './approval.ts';
import { behindModel } from './behind.ts';
import { breakGlassModel } from './break-glass.ts';
import { cardLimit, holdsMoreThan, roomy } from './budget.ts';
import { type Buttons, offers } from './buttons.ts';
import { clockNotes } from './clock-notes.ts';
import { grouped } from './fingerprint.ts';
import { codeLines, lines } from './lines.ts';
import { type ChangesRoom, changesModel, isWrite } from './plan-changes.ts';
import { differencesModel } from './plan-differences.ts';
import { reachModel } from './plan-reach.ts';
import { undoModel } from './plan-undo.ts';
import { powershell, undoLine } from './powershell.ts';
import { requestHead } from './request-head.ts';
import { barePlan, bareRequest, samplePlan, sampleRequest } from './samples.ts';
import { clean } from './text.ts';
import { localMoment, localTime, showDuration } from './time.ts';
import { defineView } from './view.ts';

/** A request whose plan waits for its decision. */
export interface PlanInput {
  readonly request: ProvisioningRequest;
  readonly plan: Plan;
  readonly now: Date;
  readonly buttons: Buttons;
}

interface PlanRoom extends ChangesRoom {
  readonly lines: number;
  readonly code: number;
  readonly codeLines: number;
}

// More than any plan holds: whatever is shown with this room is shown in full.
const endless = 1_000_000;
const everything: PlanRoom = {
  objects: endless,
  rows: endless,
  text: endless,
  list: endless,
  lines: endless,
  code: endless,
  codeLines: endless,
};

// From everything to bare; the first that fits on a Teams card is taken.
const rooms: readonly PlanRoom[] = [
  everything,
  { objects: 20, rows: 50, text: 400, list: 12, lines: 12, code: 1500, codeLines: 12 },
  { objects: 12, rows: 36, text: 300, list: 8, lines: 10, code: 800, codeLines: 8 },
  { objects: 8, rows: 24, text: 200, list: 6, lines: 8, code: 400, codeLines: 6 },
  { objects: 6, rows: 14, text: 120, list: 3, lines: 5, code: 200, codeLines: 4 },
  { objects: 3, rows: 3, text: 60, list: 1, lines: 2, code: 80, codeLines: 1 },
  { objects: 2, rows: 2, text: 40, list: 1, lines: 1, code: 40, codeLines: 1 },
];

/** A plan with more characters than this is not even tried in full. */
const mostOnCard = cardLimit;

// Measured on the template; the tables of the changes are by far the largest part.
const weight = {
  fixed: 6700,
  row: 125,
  lists: { notes: 360, objects: 1250, rows: 340, differences: 160, sides: 140, proofs: 260, guards: 260 },
};

export const planView = defineView<PlanInput>({
  template: 'plan',
  model: fitted,
  summary: ({ request, plan }) =>
    request.planVersion > 1
      ? `${request.id}: ${dangerIn(plan)}the plan for ${request.tenant.name} has changed – it needs a new decision`
      : `${request.id}: ${dangerIn(plan)}plan for ${request.tenant.name} is ready – needs an approver`,
  sample: { request: sampleRequest, plan: samplePlan, now: new Date('2026-11-21T14:05:00Z'), buttons: true },
  minimal: { request: bareRequest, plan: barePlan, now: new Date('2026-11-21T14:05:00Z'), buttons: false },
});

/** Whether the card shows a selection of the plan only, because the whole of it does not fit. */
export function isShortened(input: PlanInput): boolean {
  return fitted(input)['shortened'] === true;
}

function fitted(input: PlanInput): JsonObject {
  const mayFit = !holdsMoreThan(mostOnCard, { ...input.plan, objects: [], facts: {} });
  const code = planCode(input.plan, mayFit ? endless : 12);
  const tried = mayFit ? rooms : rooms.slice(1);
  return roomy(tried, weight, (room) => ({ ...planModel(input, room), ...codeModel(code, room) }));
}

function planModel({ request, plan, now, buttons }: PlanInput, room: PlanRoom): JsonObject {
  const dangers = plan.warnings.filter(({ level }) => level === 'danger');
  const notices = plan.warnings.filter(({ level }) => level === 'notice').map(({ text }) => text);
  const changes = changesModel(plan, room);
  return {
    ...requestHead(request),
    ...behindModel(request),
    ...approvalModel(request),
    ...clockNotes(request, now),
    ...breakGlassModel(request, buttons),
    decideBy: request.decideBy === null ? 'no time limit' : localTime(request.decideBy, now),
    ...changes,
    hasKept: changes.kept.length > 0,
    hasMoreObjects: changes.moreObjects > 0,
    moreObjectsNote: `… and ${changes.moreObjects} more objects`,
    hasDangers: dangers.length > 0,
    dangerHeading: ['⚠ Danger', wordsIn(plan)].filter((part) => part !== '').join(': '),
    dangers: dangerRows(dangers, room),
    hasNotices: notices.length > 0,
    notices: lines(notices, room.lines, room.text),
    ...differencesModel(request, room),
    hasProofs: plan.proofs.length > 0,
    proofs: plan.proofs.slice(0, room.lines).map((proof) => proofModel(proof, room)),
    hasUntouched: plan.untouched.length > 0,
    untouched: lines(plan.untouched, room.lines, room.text),
    ...reachModel(plan, room, now),
    ...undoModel(plan, room),
    ...guardsModel(plan, room),
    fingerprint: grouped(plan.digest),
    madeAt: `Plan ${request.planVersion || 1} · read from the tenant at ${localMoment(plan.madeAt)}`,
    shortened: room !== everything,
    onlyShown: buttons === false,
    decidedByOthers: buttons !== false && !offers(buttons, 'approve'),
    canDecide: offers(buttons, 'approve'),
    canCancel: offers(buttons, 'cancel'),
    requestId: request.id,
    digest: plan.digest.slice(0, 16),
    nonce: request.nonce,
  };
}

/** What a plan can do to people, e.g. `Refuses mail, Cuts off senders`; empty when nothing of the kind. */
function wordsIn(plan: Plan): string {
  return wordsOf(plan.warnings)
    .map((word) => dangerWords[word])
    .join(', ');
}

/** For the toast, which many approvers read first. */
function dangerIn(plan: Plan): string {
  const words = wordsIn(plan);
  return words === '' ? '' : `DANGER (${words.toLowerCase()}) – `;
}

function dangerRows(dangers: readonly Warning[], room: PlanRoom) {
  const texts = lines(
    dangers.map(({ text }) => text),
    room.lines,
    room.text,
  );
  return texts.map(({ text }, at) => {
    const word = at < room.lines ? dangers[at]?.word : undefined;
    return { text, mark: word ? `${dangerWords[word]}.  ` : '•  ' };
  });
}

function proofModel({ title, timing }: PlannedProof, room: PlanRoom) {
  const settle = timing.settleSeconds > 0 ? `Nothing is expected for ${showDuration(timing.settleSeconds)}; then` : '';
  const asks = `${settle || 'It is'} tried every ${showDuration(timing.everySeconds)}`;
  const needs = timing.agreeing === 1 ? 'One good answer is enough' : `${timing.agreeing} in a row must agree`;
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
function planCode(plan: Plan, most: number): Code {
  const writes = plan.changes.filter(isWrite);
  const calls = writes.flatMap(({ call }) => (call === null ? [] : [call]));
  return {
    calls: calls.slice(0, most).map(powershell),
    undo: writes.toReversed().slice(0, most).map(undoLine),
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
