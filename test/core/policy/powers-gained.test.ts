import { describe, expect, it } from 'vitest';
import type { PolicyDocument } from '../../../src/core/policy/approval-policy.ts';
import { changedPolicy } from '../../../src/core/policy/policy-change.ts';
import { powersGained } from '../../../src/core/policy/powers-gained.ts';
import { ada, ben, dora, omar } from '../../support/people.ts';
import { cleoId, policyDocument } from '../../support/policy.ts';

const usual = policyDocument();
const group = '22222222-0000-4000-8000-000000000001';
/** Cleo decides on what is harmless, two have to agree on the rest, and Ada has two accounts. */
const careful: PolicyDocument = {
  ...usual,
  rings: { ...usual.rings, helpdesk: { people: [cleoId], groups: [] } },
  rules: {
    ...usual.rules,
    normal: { ...usual.rules.normal, rings: ['approvers', 'helpdesk'] },
    high: { ...usual.rules.high, quorum: 2, proofOfPerson: 'fresh-sign-in', inChangeWindow: true },
  },
  owners: { [ben.objectId]: ada.objectId },
  breakGlass: { people: [ada.objectId], groups: [], answerWithinHours: 4 },
};

function gains(field: string, value: string, before = careful): string[] {
  const warnings = powersGained(before, changedPolicy(before, field, value), (id) => (id === cleoId ? 'Cleo' : id));
  return warnings.map(({ level, text }) => `${level}: ${text}`);
}

describe('what a change of the policy makes easier', () => {
  it.each([
    ['who decides on normal plans joins a ring that decides on high ones', 'rings.approvers.people', `add ${cleoId}`],
    ['a whole ring may decide on high plans too', 'rules.high.rings', 'approvers, helpdesk'],
  ])('is told as a danger when %s', (_what, field, value) => {
    expect(gains(field, value)).toEqual(['danger: From then on Cleo may decide on plans of high risk.']);
  });

  it('names a group that decides from then on', () => {
    expect(gains('rings.approvers.groups', `add ${group}`)).toEqual([
      `danger: From then on ${group} may decide on plans of normal and high risk.`,
    ]);
  });

  it.each([
    ['fewer approvals', 'rules.high.quorum', '1', '1 instead of 2 approvals are enough for plans of high risk'],
    ['a weaker proof', 'rules.high.proofOfPerson', 'click', 'a click proves who approves plans of high risk'],
    ['two accounts that were one', 'owners', '{}', `${ben.objectId} and ${ada.objectId} count as two people`],
    [
      'a second account of somebody else',
      'owners',
      `{"${ben.objectId}":"${dora.objectId}"}`,
      `${ben.objectId} and ${ada.objectId} count as two people`,
    ],
    [
      'more who start alone',
      'breakGlass',
      `{"people":["${ada.objectId}","${cleoId}"],"groups":[],"answerWithinHours":4}`,
      'Cleo may start alone in an emergency',
    ],
  ])('is told as a danger: %s', (_what, field, value, said) => {
    expect(gains(field, value)).toEqual([expect.stringMatching(`^danger: .*${said}`)]);
  });

  it.each([
    ['longer clocks', 'startWithinMinutes', '480', 'An approval holds until the start for 480 minutes'],
    ['no change window', 'rules.high.inChangeWindow', 'false', 'may start outside the change windows'],
    ['more who ask', 'requesters.people', `add ${cleoId}`, 'Cleo may ask for changes'],
    ['more who operate', 'operators.people', `add ${cleoId}`, 'Cleo may pause, resume, retry and stop runs'],
    ['an approver without a rule', 'rings.spare.people', `add ${group}`, 'may stop requests and review'],
  ])('is told beside the dangers: %s', (_what, field, value, said) => {
    expect(gains(field, value)).toEqual([expect.stringMatching(`^notice: .*${said}`)]);
  });

  it.each([
    ['more approvals', 'rules.normal.quorum', '2'],
    ['one approver fewer', 'rings.approvers.people', `remove ${dora.objectId}`],
    ['one requester fewer', 'requesters.people', `remove ${omar.objectId}`],
    ['one account more that is known', 'owners', `{"${ben.objectId}":"${ada.objectId}","${cleoId}":"${ada.objectId}"}`],
    ['nobody who starts alone', 'breakGlass', 'none'],
  ])('is nothing: %s', (_what, field, value) => {
    expect(gains(field, value)).toEqual([]);
  });
});
