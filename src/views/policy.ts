import type { Card } from '../core/card.ts';
import type { Json } from '../core/json.ts';
import { approvalPolicySchema, type PolicyDocument, type PolicyRule } from '../core/policy/approval-policy.ts';
import { fieldsOf } from '../core/policy/policy-fields.ts';
import type { PolicyRecord } from '../core/policy/policy-store.ts';
import { roomy } from './budget.ts';
import { sampleApprover, sampleRequester } from './samples.ts';
import { clean } from './text.ts';
import { localMoment, showDuration } from './time.ts';
import { defineView } from './view.ts';

/** The approval policy in force. */
export interface PolicyInput {
  readonly record: PolicyRecord;
  /** What people are called, by object id. */
  readonly names: ReadonlyMap<string, string>;
}

interface PolicyRoom {
  readonly fields: number;
  readonly text: number;
}

// A circle of ten people with their names takes some 600 characters.
const rooms: readonly PolicyRoom[] = [
  { fields: 60, text: 2000 },
  { fields: 60, text: 600 },
  { fields: 40, text: 300 },
  { fields: 25, text: 150 },
];

// Measured on the template: a row of the table has two cells.
const weight = { fixed: 2600, row: 200, lists: { fields: 420 } };

const rule = { rings: ['approvers'], quorum: 1, proofOfPerson: 'click' };
const sampleDocument = approvalPolicySchema.parse({
  timeZone: 'Europe/Berlin',
  requesters: { people: [sampleRequester.objectId] },
  operators: { people: [sampleApprover.objectId] },
  rings: { approvers: { people: [sampleApprover.objectId] }, seconds: { groups: [sampleApprover.objectId] } },
  rules: {
    none: rule,
    normal: rule,
    high: { ...rule, rings: ['approvers', 'seconds'], proofOfPerson: 'fresh-sign-in-or-two', inChangeWindow: true },
  },
  decideWithinMinutes: 240,
  startWithinMinutes: 60,
  remindBeforeMinutes: [60, 15],
  quietHours: { days: ['sat', 'sun'], from: '18:00', to: '07:00' },
  changeWindows: [{ days: ['tue', 'thu'], from: '22:00', to: '02:00' }],
  freezes: [{ from: '2026-12-18T00:00:00Z', to: '2027-01-04T00:00:00Z', reason: 'End of the year' }],
  breakGlass: { people: [sampleApprover.objectId], groups: [], answerWithinHours: 24 },
  owners: { [sampleRequester.objectId]: sampleApprover.objectId },
});

const sampleRecord: PolicyRecord = {
  number: 3,
  version: 'policy-3fa91c07be22d4e8',
  document: sampleDocument,
  changedBy: sampleRequester,
  requestId: 'R-7K2QXDAB',
  at: '2026-11-20T09:12:00Z',
};

export const policyView = defineView<PolicyInput>({
  template: 'policy',
  model: (input) => roomy(rooms, weight, (room) => policyModel(input, room)),
  summary: ({ record }) => `The approval policy, version ${record.number}`,
  sample: { record: sampleRecord, names: new Map([[sampleApprover.objectId, sampleApprover.name]]) },
  minimal: { record: { ...sampleRecord, number: 1, changedBy: null, requestId: null }, names: new Map() },
});

/** Who decides on what, when and how surely. */
export function policyCard(input: PolicyInput): Card {
  return policyView.card(input);
}

function policyModel({ record, names }: PolicyInput, room: PolicyRoom) {
  const fields = Object.entries(fieldsOf(record.document));
  return {
    since: sinceOf(record),
    rules: sentencesOf(record.document).map((text) => ({ text: clean(text, 300) })),
    fields: fields
      .slice(0, room.fields)
      .map(([field, value]) => ({ field: clean(field, 80), value: clean(withNames(textOf(value), names), room.text) })),
    hasMore: fields.length > room.fields,
    more: `… and ${fields.length - room.fields} more`,
  };
}

/** The ids stay: a change of the policy is typed with them. */
function withNames(text: string, names: ReadonlyMap<string, string>): string {
  return text.replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gu, (id) => {
    const name = names.get(id);
    return name === undefined ? id : `${clean(name, 80)} (${id})`;
  });
}

function sinceOf({ number, version, changedBy, requestId, at }: PolicyRecord): string {
  const by =
    changedBy === null
      ? 'made from the configuration'
      : `asked for by ${clean(changedBy.name, 80)} in ${clean(requestId ?? 'a request', 40)}`;
  return `Version ${number} (${clean(version, 40)}), in force since ${localMoment(at)}, ${by}`;
}

function sentencesOf({ rules, decideWithinMinutes, startWithinMinutes }: PolicyDocument): string[] {
  return [
    `High risk (mail may stop, or something goes for good): ${ruleInWords(rules.high)}`,
    `Normal risk (it can be taken back): ${ruleInWords(rules.normal)}`,
    'No risk (nothing is written): the request ends by itself, nobody decides.',
    `Time to decide: ${showDuration(decideWithinMinutes * 60)}. Time to start after that: ${showDuration(startWithinMinutes * 60)}.`,
    'Nobody decides on an own request, with whichever account. One “deny” ends a request.',
  ];
}

function ruleInWords({ rings, quorum, proofOfPerson, inChangeWindow }: PolicyRule): string {
  const of = `${quorum === 1 ? 'one' : quorum} of ${rings.join(' or ')}`;
  const proof = {
    click: 'with a click',
    'fresh-sign-in': 'each with a fresh sign-in',
    'fresh-sign-in-or-two': quorum > 1 ? 'with a click' : 'with a fresh sign-in, or two of them with a click',
  }[proofOfPerson];
  return `${of}, ${proof}${inChangeWindow ? ', to start in a change window' : ''}.`;
}

function textOf(value: Json): string {
  if (value === null) return 'none';
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) return value.join(', ') || 'none';
  const text = JSON.stringify(value);
  return text === '{}' ? 'none' : text;
}
