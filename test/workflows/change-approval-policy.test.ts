import { describe, expect, it } from 'vitest';
import { RolesUnavailableError } from '../../src/core/policy/role-source.ts';
import { MemorySwitchyard } from '../support/memory-switchyard.ts';
import { ada, ben, person, rita } from '../support/people.ts';
import { cleoId, policyDocument } from '../support/policy.ts';
import { whenOnRecord } from '../support/when-on-record.ts';

const setUp = 'set up gateway exchangedefender for contoso.com';
const cleo = { ...person('Cleo', '13', 'approver'), rings: ['approvers'] };

async function asked(text: string) {
  const house = new MemorySwitchyard();
  await house.say(text);
  await house.settle();
  return house;
}

describe('a change of the approval policy', () => {
  it('is planned with each field before and after, for Switchyard itself', async () => {
    const house = await asked('change policy rules.high.quorum to 2');
    const { state, tenant, plan } = await house.request();
    expect({ state, tenant: tenant.name, risk: plan?.risk }).toEqual({
      state: 'awaiting-approval',
      tenant: 'Switchyard itself',
      risk: 'high',
    });
    expect(plan?.changes[0]?.fields).toEqual([{ field: 'rules.high.quorum', before: 1, after: 2 }]);
  });

  it('comes into force when somebody else approves it, in the name of whoever asked', async () => {
    const house = await asked('change policy rules.high.quorum to 2');
    expect(await house.click('approve', rita)).toMatchObject({ code: 'own-request' });
    await house.click('approve', ada);
    await house.settle();
    const { id, state } = await house.request();
    expect(state).toBe('done');
    expect(house.policies.records.at(-1)).toMatchObject({ number: 2, changedBy: { name: 'Rita' }, requestId: id });
    expect(house.policy.document.rules.high.quorum).toBe(2);
    expect(house.sent()).toEqual([]);
  });

  it('cannot be approved by somebody whom it makes an approver', async () => {
    const house = await asked(`change policy rings.approvers.people to add ${cleoId}`);
    const actor = await house.roles.actor(cleo);
    expect(await house.click('approve', actor)).toMatchObject({ code: 'not-allowed' });
    expect((await house.request()).plan?.warnings[0]?.text).toContain(cleoId);
  });

  it('says by name, where it is known, who can decide from then on', async () => {
    const house = new MemorySwitchyard();
    house.policies.people.learn(cleoId, 'Cleo');
    const stranger = '99999999-0000-4000-8000-000000000009';
    await house.say(`change policy rings.approvers.people to add ${cleoId}, ${stranger}`);
    await house.settle();
    expect((await house.request()).plan?.warnings[0]).toEqual({
      level: 'danger',
      text: `From then on Cleo (${cleoId}), ${stranger} may decide on plans of normal and high risk.`,
    });
  });

  it('says by name who can start alone in an emergency from then on', async () => {
    const house = new MemorySwitchyard();
    house.policies.people.learn(cleoId, 'Cleo');
    await house.say(`change policy breakGlass to {"people":["${cleoId}"],"groups":[],"answerWithinHours":4}`);
    await house.settle();
    expect((await house.request()).plan?.warnings[0]?.text).toBe(
      `From then on Cleo (${cleoId}) may start alone in an emergency (break glass).`,
    );
  });

  it('is refused in words when nobody could approve anything after it', async () => {
    const house = await asked('change policy rules.high.quorum to 4');
    expect(await house.request()).toMatchObject({
      state: 'refused',
      outcome: { message: expect.stringContaining('asks for 4 approvals, but approvers have 3 people') },
    });
  });

  it('names the field that no policy has', async () => {
    const house = await asked('change policy rules.high to 4');
    expect((await house.request()).outcome?.message).toBe('The approval policy has no field named rules.high.');
  });

  it('brings a form when nothing is said about what to change', async () => {
    const { card } = await new MemorySwitchyard().say('change policy');
    expect(card).toMatchObject({ template: 'form', model: { workflow: 'change-approval-policy' } });
  });

  it('has nothing to do when the policy already is so', async () => {
    expect((await (await asked('change policy decideWithinMinutes to 60')).request()).state).toBe('nothing-to-do');
  });

  it('is shown with all its fields to anybody who asks', async () => {
    const { card } = await new MemorySwitchyard().say('policy', person('Eve', '31'));
    expect(JSON.stringify(card.model)).toContain('rules.high.quorum');
  });
});

describe('a run that changes the approval policy', () => {
  it('adds one version wherever the process is killed', async () => {
    const whole = await asked('change policy rules.high.quorum to 2');
    await whole.click('approve', ada);
    whole.mortality.passed.length = 0;
    await whole.settle();
    const moments = [...whole.mortality.passed];
    expect(moments).toContain('after Set-ApprovalPolicy');
    for (const [moment, name] of moments.entries()) {
      const house = await asked('change policy rules.high.quorum to 2');
      await house.click('approve', ada);
      house.mortality.passed.length = 0;
      house.mortality.dieIn(moment);
      await house.settle();
      const { state } = await house.request();
      expect([name, state, house.policies.records.length]).toEqual([name, 'done', 2]);
    }
  });

  it('leaves alone what somebody else makes of the same field in between, and says what it could not do', async () => {
    const house = await asked('change policy rules.high.quorum to 2');
    await house.click('approve', ada);
    const { rules } = policyDocument();
    whenOnRecord(house, 'step-running', 0, async () => {
      const theirs = policyDocument({ rules: { ...rules, high: { ...rules.high, quorum: 3 } } });
      await house.policies.replace(house.policies.records.length, theirs);
    });
    await house.settle();
    const { state, outcome } = await house.request();
    expect(state).toBe('undo-failed');
    expect(outcome?.left).toEqual([expect.stringMatching(/^# in chat: change policy rules\.high\.quorum to 1 /u)]);
    expect(house.policy.document.rules.high.quorum).toBe(3);
  });
});

describe('an open request under a policy that changes', () => {
  async function changedMeanwhile() {
    const house = await asked(setUp);
    const { nonce, plan, id } = await house.request();
    const card = { requestId: id, digest: plan?.digest.slice(0, 16), nonce };
    const { rules } = policyDocument();
    house.policies.changedBy = ben;
    await house.policies.replace(1, policyDocument({ rules: { ...rules, normal: { ...rules.normal, quorum: 2 } } }));
    return { house, card };
  }

  it('refuses the vote on the old card and plans again under the new policy', async () => {
    const { house, card } = await changedMeanwhile();
    expect(await house.click('approve', ada, card)).toMatchObject({ code: 'stale' });
    await house.settle();
    const request = await house.request();
    expect(request).toMatchObject({ state: 'awaiting-approval', planVersion: 2, decisions: [] });
    expect(request.plan?.policy).toBe(house.policy.version);
    expect(request.approvalStanding).toBe('0 of 2 approvals; still needed: 2 of approvers.');
  });

  it('cannot be approved by whoever changed the policy', async () => {
    const { house, card } = await changedMeanwhile();
    await house.click('approve', ada, card);
    await house.settle();
    expect(await house.click('approve', ben)).toMatchObject({ code: 'plan-editor' });
  });

  it('voids an approval that was given, and says so', async () => {
    const house = await asked(setUp);
    const { rules } = policyDocument();
    const normal = { ...rules.normal, quorum: 2 };
    await house.policies.replace(1, policyDocument({ rules: { ...rules, normal } }));
    const { id } = await house.request();
    await house.gate.submit(id, { type: 'look-again' });
    await house.settle();
    await house.click('approve', ada);
    await house.policies.replace(2, policyDocument({ rules: { ...rules, normal: { ...normal, quorum: 3 } } }));
    await house.gate.submit(id, { type: 'look-again' });
    expect((await house.request()).decisions).toMatchObject([{ voided: true }]);
    expect(house.notices().at(-1)?.notice.details).toEqual(['The decision of Ada no longer counts.']);
  });
});

describe('approvers', () => {
  async function needingTwo() {
    const house = new MemorySwitchyard();
    const { rules } = policyDocument();
    await house.policies.replace(1, policyDocument({ rules: { ...rules, normal: { ...rules.normal, quorum: 2 } } }));
    await house.say(setUp);
    await house.settle();
    return house;
  }

  it('who are two share one card: it says what is missing until the second one has approved', async () => {
    const house = await needingTwo();
    const first = await house.click('approve', ada);
    expect(first).toMatchObject({ kind: 'card', card: { template: 'plan' } });
    const { state, approvalStanding, nonce } = await house.request();
    expect({ state, approvalStanding }).toEqual({
      state: 'awaiting-approval',
      approvalStanding: '1 of 2 approvals; still needed: one more of approvers.',
    });
    expect(house.store.effects.slice(-2)).toMatchObject([
      { kind: 'card' },
      { audience: 'decider', to: { name: 'Ada' } },
    ]);
    expect(house.store.audit.at(-1)).toMatchObject({ action: 'approve', detail: { approvals: 1, needed: 2 } });
    await house.click('approve', ben);
    expect((await house.request()).nonce).toBe(nonce);
    await house.settle();
    expect((await house.request()).state).toBe('done');
  });

  it('can be outvoted by one denial after a first approval', async () => {
    const house = await needingTwo();
    await house.click('approve', ada);
    await house.click('deny', ben);
    expect((await house.request()).state).toBe('denied');
  });

  it('who lost their right between click and start stop the run, and the others need not click again', async () => {
    const house = await needingTwo();
    await house.click('approve', ada);
    await house.click('approve', ben);
    const { roles } = house;
    house.roles = {
      ...roles,
      actor: async (who) => {
        const actor = await roles.actor(who);
        return who.objectId === ben.objectId ? { ...actor, roles: [], rings: [] } : actor;
      },
    };
    await house.settle();
    const request = await house.request();
    expect(request).toMatchObject({ state: 'awaiting-approval', planVersion: 2 });
    expect(request.decisions.map(({ by, voided }) => [by.name, voided])).toEqual([
      ['Ada', false],
      ['Ben', true],
    ]);
    expect(house.notices().at(-1)?.notice.details).toEqual(['Ben is no longer in approvers.']);
    expect(house.sent()).toEqual([]);
    house.roles = roles;
    await house.click('approve', ben);
    await house.settle();
    expect((await house.request()).state).toBe('done');
  });

  it('who cannot be looked up at the start start nothing, and keep their votes', async () => {
    const house = await needingTwo();
    await house.click('approve', ada);
    await house.click('approve', ben);
    const { roles } = house;
    const away = new RolesUnavailableError('Entra does not answer.', { operation: 'x', next: 'Try again.' });
    house.roles = { ...roles, actor: () => Promise.reject(away) };
    await house.settle();
    expect(await house.request()).toMatchObject({
      state: 'approved',
      clocks: { hold: { unclear: 'Entra does not answer. Try again.' } },
      decisions: [{ voided: false }, { voided: false }],
    });
    expect(house.notices().at(-1)?.notice.details).toEqual(['Entra does not answer. Try again.']);
    expect(house.sent()).toEqual([]);
  });

  it('who are too few make the request impossible: it is not opened, and the answer says who can help', async () => {
    const house = new MemorySwitchyard();
    house.roles = { ...house.roles, membersOf: () => Promise.resolve([rita.objectId]) };
    const { card } = await house.say(setUp);
    expect(JSON.stringify(card)).toContain('nobody beside you could approve it');
    expect(JSON.stringify(card)).toContain('An operator adds approvers');
    expect(await house.requests()).toEqual([]);
  });

  it('who are too few for the risk of the plan refuse it', async () => {
    const house = new MemorySwitchyard();
    const { rules } = policyDocument();
    const high = { ...rules.high, proofOfPerson: 'fresh-sign-in' as const };
    await house.policies.replace(1, policyDocument({ rules: { ...rules, high } }));
    await house.say('change policy rules.high.quorum to 2');
    await house.settle();
    expect(await house.request()).toMatchObject({ state: 'refused', outcome: { code: 'too-few-approvers' } });
  });
});
