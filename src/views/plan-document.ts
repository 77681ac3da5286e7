import { dangerWords } from '../core/danger.ts';
import { canonicalJson, type Json } from '../core/json.ts';
import type { Plan } from '../core/plan.ts';
import type { SenderTally } from '../core/reach.ts';
import { factName } from './fact-names.ts';
import { isWrite, verbs } from './plan-changes.ts';
import { neighbourLines, senderLines, sizeOf, traceSentence } from './plan-reach.ts';
import { undoSentence } from './plan-undo.ts';
import { powershell, undoLine } from './powershell.ts';
import { showDuration } from './time.ts';

/** One line of the whole text of a plan. Code can be pasted and is not reworded. */
export interface PlanLine {
  readonly kind: 'text' | 'strong' | 'code';
  readonly text: string;
}

/** One part of the whole text of a plan. */
export interface PlanSection {
  readonly heading: string;
  readonly lines: readonly PlanLine[];
}

/** Everything a plan says, with nothing left out: what the pages and the command line show. Texts are not yet clean. */
export function planDocument(plan: Plan): PlanSection[] {
  const made = new Date(plan.madeAt);
  const dangers = plan.warnings.filter(({ level }) => level === 'danger');
  const notices = plan.warnings.filter(({ level }) => level === 'notice');
  const writes = plan.changes.filter(isWrite);
  const kept = plan.changes.filter(({ action }) => action === 'no-op');
  const sections: PlanSection[] = [
    section(
      'Danger',
      dangers.map(({ word, text }) => (word ? `${dangerWords[word]}: ${text}` : text)),
    ),
    section(
      'Before you decide',
      notices.map(({ text }) => text),
    ),
    { heading: 'What will be done', lines: writes.flatMap(changeLines) },
    section(
      'Already as wanted, left alone',
      kept.map(({ object, title }) => `${object.kind} ${object.identity}: ${title}`),
    ),
    section('If it is stopped or fails', plan.undo.map(undoSentence)),
    section('Whom it touches', touched(plan, made)),
    section('How it will be proven', plan.proofs.map(proofLine)),
    section('What stays as it is', plan.untouched),
    { heading: 'Facts it relies on', lines: plan.guards.flatMap(guardLines) },
    section(
      'Values it is made from',
      Object.entries(plan.facts).map(([name, value]) => `${factName(name)}: ${full(value)}`),
    ),
    code(
      'PowerShell that does it',
      writes.flatMap(({ call }) => (call ? [powershell(call)] : [])),
    ),
    code('PowerShell that takes it back', writes.toReversed().map(undoLine)),
    section('What an approval binds to', bindingLines(plan)),
  ];
  return sections.filter(({ lines }) => lines.length > 0);
}

const guardWords = { pass: 'Holds', warn: 'Holds, with a doubt', fail: 'Does not hold', unknown: 'Unknown' } as const;

/** A value with nothing left out. */
function full(value: Json): string {
  if (typeof value === 'string') return value === '' ? 'empty' : value;
  if (value === null) return 'not set';
  if (typeof value !== 'object') return canonicalJson(value);
  if (!Array.isArray(value)) {
    const parts = Object.entries(value).map(([name, part]) => `${factName(name)} ${full(part)}`);
    return parts.join('; ') || 'none';
  }
  return value.length === 0 ? 'empty list' : value.map(full).join(', ');
}

function section(heading: string, texts: readonly string[]): PlanSection {
  return { heading, lines: texts.map((text) => ({ kind: 'text', text })) };
}

function code(heading: string, texts: readonly string[]): PlanSection {
  return { heading, lines: texts.map((text) => ({ kind: 'code', text })) };
}

function changeLines(change: Plan['changes'][number], index: number): PlanLine[] {
  const { title, action, object, step, fields, risky } = change;
  const about = `${isWrite(change) ? verbs[change.action] : 'Keeps'} ${object.kind} ${object.identity} by ${step}${risky ? '; can stop or open mail flow' : ''}`;
  const rows = fields.map(({ field, before, after }) =>
    action === 'update'
      ? `${field}: ${full(before)} → ${full(after)}`
      : `${field}: ${full(action === 'remove' ? before : after)}`,
  );
  return [
    { kind: 'strong', text: `${index + 1}. ${title}` },
    ...[about, ...rows].map((text) => ({ kind: 'text' as const, text })),
  ];
}

function touched(plan: Plan, made: Date): string[] {
  const { reach, blastRadius } = plan;
  if (reach === null) return [...blastRadius];
  const { trace, domains } = reach;
  const tally = (heading: string, one: SenderTally): string[] =>
    one.messages === 0 ? [] : [`${heading}: ${sizeOf(one)}`, ...senderLines(one, made)];
  return [
    ...blastRadius,
    `Accepted domains of the tenant: ${domains.join(', ')}`,
    traceSentence(trace, made),
    ...(trace.kind === 'read' ? tally('Would have been refused', trace.refused) : []),
    ...(trace.kind === 'read' ? tally('Was refused, and would come in', trace.admitted) : []),
    ...neighbourLines(plan),
  ];
}

function proofLine({ title, timing }: Plan['proofs'][number]): string {
  const { settleSeconds, everySeconds, agreeing, deadlineSeconds } = timing;
  const needs = agreeing === 1 ? 'one good answer is enough' : `${agreeing} in a row must agree`;
  const wait = settleSeconds > 0 ? `after ${showDuration(settleSeconds)} ` : '';
  return `${title}: tried ${wait}every ${showDuration(everySeconds)}, ${needs} within ${showDuration(deadlineSeconds)}.`;
}

function guardLines({ finding }: Plan['guards'][number]): PlanLine[] {
  const { rule, fact, evidence, status } = finding;
  return [
    { kind: 'strong', text: rule },
    { kind: 'text', text: `${guardWords[status]}: ${fact}` },
    ...Object.entries(evidence).map(([name, value]) => ({
      kind: 'text' as const,
      text: `${factName(name)}: ${full(value)}`,
    })),
  ];
}

function bindingLines(plan: Plan): string[] {
  return [
    `Workflow: ${plan.workflow}, version ${plan.version}`,
    `Gateway profile: ${plan.profile ?? 'none'}`,
    `Approval policy: ${plan.policy}`,
    `Risk: ${plan.risk}`,
    `Tenant: ${plan.tenant.name} (${plan.tenant.id})`,
    `Requester: ${plan.requester.objectId} of ${plan.requester.tenantId}`,
    `Fingerprint (SHA-256): ${plan.digest}`,
    `Read from the tenant at ${plan.madeAt}`,
  ];
}
