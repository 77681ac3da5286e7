import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { approvalPolicySchema, type PolicyDocument } from '../../../src/core/policy/approval-policy.ts';
import { changedPolicy, fieldsThatChange } from '../../../src/core/policy/policy-change.ts';
import { policyFaults } from '../../../src/core/policy/policy-faults.ts';
import { documentFrom, fieldsOf } from '../../../src/core/policy/policy-fields.ts';
import { ada, ben } from '../../support/people.ts';
import { cleoId, policyDocument } from '../../support/policy.ts';

const document = policyDocument();

describe('the fields of a policy', () => {
  it('give back the policy they were made from', () => {
    const hours = { days: ['sat' as const, 'sun' as const], from: '18:00', to: '07:00' };
    const full = policyDocument({
      quietHours: hours,
      changeWindows: [hours],
      breakGlass: { people: [ada.objectId], groups: [], answerWithinHours: 24 },
      owners: { [cleoId]: ada.objectId },
    });
    for (const one of [document, full]) expect(documentFrom(fieldsOf(one))).toEqual(one);
  });

  it('never make a policy of anything that is not one', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.oneof(fc.string(), fc.constantFrom('__proto__.x', 'rings.a', 'rules.high.quorum')),
          fc.jsonValue(),
        ),
        (more) => {
          const made = attempt(() => documentFrom({ ...fieldsOf(document), ...(more as Record<string, never>) }));
          expect(made === null || approvalPolicySchema.safeParse(made).success).toBe(true);
          expect(Reflect.get({}, 'x')).toBeUndefined();
        },
      ),
    );
  });
});

describe('a change as somebody types it', () => {
  it.each([
    ['rules.high.quorum', '2', { 'rules.high.quorum': 2 }],
    ['Rules.High.Quorum', ' 2 ', { 'rules.high.quorum': 2 }],
    ['rules.high.proofOfPerson', 'fresh-sign-in', { 'rules.high.proofOfPerson': 'fresh-sign-in' }],
    ['rules.high.inChangeWindow', 'true', { 'rules.high.inChangeWindow': true }],
    ['timeZone', 'Europe/Berlin', { timeZone: 'Europe/Berlin' }],
    ['remindBeforeMinutes', '30, 10', { remindBeforeMinutes: [30, 10] }],
    [
      'rings.approvers.people',
      `remove ${ada.objectId}`,
      { 'rings.approvers.people': expect.not.arrayContaining([ada.objectId]) },
    ],
    [
      'rings.seconds.people',
      `add ${cleoId.toUpperCase()}`,
      { 'rings.seconds.people': [cleoId], 'rings.seconds.groups': [] },
    ],
    [
      'quietHours',
      '{"days":["sat"],"from":"18:00","to":"07:00"}',
      { quietHours: { days: ['sat'], from: '18:00', to: '07:00' } },
    ],
    ['decideWithinMinutes', '60', {}],
  ])('%s to %s', (field, typed, changed) => {
    expect(fieldsThatChange(document, changedPolicy(document, field, typed))).toEqual(changed);
  });

  it.each([
    ['rules.high.quorum', 'many', 'rules.high.quorum'],
    ['rules.high.quorum', '0', 'rules.high.quorum'],
    ['rings.approvers.people', 'ada', 'rings.approvers.people.0'],
    ['rules.high', '{}', 'no field named rules.high'],
    ['__proto__', '1', 'no field named __proto__'],
    ['rings.__proto__.people', cleoId, 'no field named rings.__proto__.people'],
  ])('is refused in words: %s to %s', (field, typed, words) => {
    expect(() => changedPolicy(document, field, typed)).toThrow(words);
  });
});

describe('a policy that cannot be used', () => {
  const { rules } = document;
  const withHigh = (change: Partial<PolicyDocument['rules']['high']>) => ({
    rules: { ...rules, high: { ...rules.high, ...change } },
  });
  it.each([
    ['asks a ring there is not', withHigh({ rings: ['chiefs'] }), 'rules.high.rings: there is no ring named chiefs.'],
    [
      'asks for more people than there are',
      withHigh({ quorum: 4 }),
      'rules.high: asks for 4 approvals, but approvers have 3 people.',
    ],
    [
      'counts on second accounts',
      { ...withHigh({ quorum: 3 }), owners: { [ben.objectId]: ada.objectId } },
      'rules.high: asks for 3 approvals, but approvers have 2 people.',
    ],
    ['lets nobody ask', { requesters: { people: [], groups: [] } }, 'requesters: nobody could ask for anything.'],
    [
      'could never be changed again, because whoever asks is the only one who approves',
      {
        requesters: { people: [ada.objectId], groups: [] },
        rings: { approvers: { people: [ada.objectId], groups: [] } },
      },
      'rules.high: nobody could change this policy any more, because beside whoever asks fewer than 1 could approve.',
    ],
    [
      'starts in windows it does not have',
      withHigh({ inChangeWindow: true }),
      'rules.high.inChangeWindow: there is no change window it could start in.',
    ],
    [
      'names nobody for emergencies',
      { breakGlass: { people: [], groups: [], answerWithinHours: 4 } },
      'breakGlass: names nobody; leave it out instead.',
    ],
    ['is of no time zone', { timeZone: 'Berlin' }, 'timeZone: Berlin is no IANA time zone such as Europe/Berlin.'],
  ] as const)('%s', (_what, change, fault) => {
    expect(policyFaults(policyDocument(change as Partial<PolicyDocument>))).toContain(fault);
  });

  it('is one that insists on a fresh sign-in where there is none', () => {
    const strict = policyDocument(withHigh({ proofOfPerson: 'fresh-sign-in' }));
    expect(policyFaults(strict)).toEqual([]);
    const fault = 'rules.high.proofOfPerson: signing in afresh is not set up here, so nobody could approve.';
    expect(policyFaults(strict, false)).toEqual([fault]);
  });

  it('is one that needs two clicks where there is no fresh sign-in, and has them beside nobody who asks', () => {
    const document = policyDocument({
      ...withHigh({ proofOfPerson: 'fresh-sign-in-or-two' }),
      requesters: { people: [ada.objectId], groups: [] },
      rings: { approvers: { people: [ada.objectId, ben.objectId], groups: [] } },
    });
    expect(policyFaults(document)).toEqual([]);
    expect(policyFaults(document, false)).toEqual([
      'rules.high: nobody could change this policy any more, because beside whoever asks fewer than 2 could approve.',
    ]);
  });

  it('is not one whose groups may have the people that are missing', () => {
    const rings = { approvers: { people: [], groups: [cleoId] } };
    expect(policyFaults(policyDocument({ rings }))).toEqual([]);
  });
});

function attempt<Value>(work: () => Value): Value | null {
  try {
    return work();
  } catch {
    return null;
  }
}
