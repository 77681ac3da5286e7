import { describe, expect, it } from 'vitest';
import { applyChange, revertChange } from '../../src/core/apply.ts';
import { DriftError } from '../../src/core/errors.ts';
import { setApprovalPolicy } from '../../src/steps/set-approval-policy.ts';
import { fakeWorld } from '../support/fake-world.ts';
import { MemoryPolicies } from '../support/memory-policies.ts';
import { cleoId, policyDocument } from '../support/policy.ts';

const fields = { 'rules.high.quorum': 2, 'rings.seconds.people': [cleoId], 'rings.seconds.groups': [] };
const args = { title: 't', fields };

async function planned() {
  const policies = new MemoryPolicies();
  const world = { ...fakeWorld(), policies };
  const change = setApprovalPolicy.preview(args, await setApprovalPolicy.read(world, args));
  return { policies, world, change };
}

describe('Set-ApprovalPolicy', () => {
  it('shows each field before and after', async () => {
    const { change } = await planned();
    expect(change).toMatchObject({ action: 'update', object: { kind: 'ApprovalPolicy' } });
    expect(change.fields).toEqual([
      { field: 'rules.high.quorum', before: 1, after: 2 },
      { field: 'rings.seconds.people', before: null, after: [cleoId] },
      { field: 'rings.seconds.groups', before: null, after: [] },
    ]);
  });

  it('applied twice adds one version', async () => {
    const { policies, world, change } = await planned();
    await applyChange(setApprovalPolicy, args, change, world);
    await applyChange(setApprovalPolicy, args, change, world);
    expect(policies.records).toHaveLength(2);
    expect(policies.inForce.document.rules.high.quorum).toBe(2);
    expect(policies.inForce.document.rings['seconds']).toEqual({ people: [cleoId], groups: [] });
  });

  it('taken back brings the policy back under its old name, as a version of its own', async () => {
    const { policies, world, change } = await planned();
    const { version } = policies.inForce;
    await applyChange(setApprovalPolicy, args, change, world);
    await revertChange(setApprovalPolicy, args, change, world);
    expect(policies.records).toHaveLength(3);
    expect(policies.inForce.document).toEqual(policyDocument());
    expect(policies.inForce.version).toBe(version);
  });

  it('does not write over what somebody else has put in force', async () => {
    const { policies, world, change } = await planned();
    const { rules } = policyDocument();
    await policies.replace(1, policyDocument({ rules: { ...rules, high: { ...rules.high, quorum: 3 } } }));
    await expect(applyChange(setApprovalPolicy, args, change, world)).rejects.toThrow(DriftError);
    expect(policies.records).toHaveLength(2);
  });
});
