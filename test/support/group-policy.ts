import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './postgres.ts';

const GROUP = '22222222-0000-4000-8000-00000000000';

/**
 * A file with an approval policy that gives roles to groups of the rehearsal's home tenant alone: ada, and ben through
 * a group inside the approvers'. Where mail may stop, a click is not enough.
 */
export function groupPolicyFile(proofOfPerson: 'fresh-sign-in' | 'fresh-sign-in-or-two'): string {
  const rule = { rings: ['approvers'], quorum: 1, proofOfPerson: 'click' };
  const policy = {
    requesters: { groups: [`${GROUP}1`] },
    operators: { groups: [`${GROUP}2`] },
    rings: { approvers: { groups: [`${GROUP}2`] } },
    rules: { none: rule, normal: rule, high: { ...rule, proofOfPerson } },
    decideWithinMinutes: 240,
    startWithinMinutes: 240,
    remindBeforeMinutes: [],
    quietHours: null,
    changeWindows: [],
    freezes: [],
    breakGlass: null,
    owners: {},
  };
  const file = join(temporaryFolder(), 'policy.json');
  writeFileSync(file, JSON.stringify(policy));
  return file;
}
