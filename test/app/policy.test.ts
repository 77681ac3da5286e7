import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { firstPolicy, settle, whatIsUnusable } from '../../src/app/policy.ts';
import type { Config } from '../../src/config/config.ts';
import { policyVersionOf } from '../../src/core/policy/approval-policy.ts';
import { MemoryPolicies } from '../support/memory-policies.ts';
import { ada, ben, home, rita } from '../support/people.ts';
import { policyDocument } from '../support/policy.ts';

const folder = mkdtempSync(join(tmpdir(), 'switchyard-policy-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

type PolicyConfig = Parameters<typeof firstPolicy>[0];

function configured(change: Partial<Config> = {}): PolicyConfig {
  return {
    roles: { requesters: [rita.objectId], approvers: [ada.objectId, ben.objectId], operators: [ada.objectId] },
    highRiskApproval: 'fresh-sign-in-or-two',
    decideWithinMinutes: 30,
    approvalPolicyFile: null,
    ...change,
  };
}

function fileWith(content: string): string {
  const file = join(folder, 'policy.json');
  writeFileSync(file, content);
  return file;
}

const faultsOf = (approvalPolicyFile: string): Promise<string> =>
  firstPolicy(configured({ approvalPolicyFile })).then(
    () => 'no fault',
    (error: Error) => error.message,
  );

describe('the first approval policy', () => {
  it('asks for one approver, and for a fresh sign-in or two where mail may stop', async () => {
    const { rules, rings, remindBeforeMinutes } = await firstPolicy(configured());
    expect(rings['approvers']?.people).toEqual([ada.objectId, ben.objectId]);
    expect(rules.normal).toMatchObject({ rings: ['approvers'], quorum: 1, proofOfPerson: 'click' });
    expect(rules.high).toMatchObject({ rings: ['approvers'], quorum: 1, proofOfPerson: 'fresh-sign-in-or-two' });
    expect(remindBeforeMinutes).toEqual([15]);
  });

  it('is checked for whether anybody could approve by it, with a word in the log', async () => {
    const both = { requesters: [ada.objectId, rita.objectId], approvers: [ada.objectId, ben.objectId], operators: [] };
    const document = await firstPolicy(configured({ roles: both }));
    const said = whatIsUnusable({ version: 'policy-1', document }, { offersSignIn: false });
    expect(said).toBe(null);
    const alone = { ...both, requesters: [ada.objectId] };
    const locked = { version: 'policy-1', document: await firstPolicy(configured({ roles: alone })) };
    expect(whatIsUnusable(locked, { offersSignIn: true })).toBe(null);
    expect(whatIsUnusable(locked, { offersSignIn: false })).toMatch(
      /^The approval policy in force \(policy-1\) cannot be used as it is\. rules\.high: nobody could change .* fewer than 2 .*change policy/u,
    );
    const one = await firstPolicy(configured({ roles: { ...both, approvers: [ben.objectId] } }));
    expect(whatIsUnusable({ version: 'p', document: one }, { offersSignIn: false })).toContain(
      'rules.high: asks for 2 approvals (fresh-sign-in-or-two), but approvers have 1 people.',
    );
  });

  it('can be written out in a file', async () => {
    const approvalPolicyFile = fileWith(JSON.stringify(policyDocument({ timeZone: 'Europe/Berlin' })));
    expect((await firstPolicy(configured({ approvalPolicyFile }))).timeZone).toBe('Europe/Berlin');
  });

  it('says what is wrong with the file, field by field', async () => {
    const { rules, ...rest } = policyDocument();
    const wrong = { ...rest, rules: { ...rules, high: { ...rules.high, quorum: 0 } }, approver: 'ada' };
    const message = await faultsOf(fileWith(JSON.stringify(wrong)));
    expect(message).toContain('rules.high.quorum');
    expect(message).toContain('approver');
    expect(await faultsOf(fileWith('{'))).toContain('is not JSON');
    expect(await faultsOf(join(folder, 'nowhere.json'))).toContain('cannot be read');
    const unusable = policyDocument({ rings: { approvers: { people: [], groups: [] } } });
    expect(await faultsOf(fileWith(JSON.stringify(unusable)))).toContain('approvers have 0 people');
  });
});

describe('a configuration that differs from the policy in force', () => {
  const longer = policyDocument({ decideWithinMinutes: 90 });
  const bot = { tenantId: home } as Config['bot'];

  async function start(approvalPolicyReset: string | null, document = longer) {
    const policies = new MemoryPolicies();
    const warning = await settle(policies, document, { bot, approvalPolicyReset });
    return { policies, trail: policies.audit, warning };
  }

  it('is not in force, and the log says so', async () => {
    const { policies, warning } = await start(null);
    expect(policies.records).toHaveLength(1);
    expect(warning).toContain('stays');
  });

  it('says nothing when it is the one in force', async () => {
    expect((await start(null, policyDocument())).warning).toBe(null);
  });

  it('comes into force when it names the version that it replaces, once and on record', async () => {
    const { policies, trail, warning } = await start(policyVersionOf(policyDocument()));
    expect(policies.inForce.document).toEqual(longer);
    expect(trail).toMatchObject([{ action: 'policy-reset', detail: { to: policyVersionOf(longer) } }]);
    expect(warning).toContain('Unset it');
  });

  it('does not come into force with the name of another version', async () => {
    const { policies, trail } = await start('policy-0123456789abcdef');
    expect(policies.records).toHaveLength(1);
    expect(trail).toEqual([]);
  });
});
