import { beforeEach, describe, expect, it } from 'vitest';
import type { Proven } from '../../src/adapters/identity/sign-in/sign-in-desk.ts';
import { SignInFailure } from '../../src/adapters/identity/sign-in/sign-in-failure.ts';
import { decisionAnswers } from '../../src/app/decision-answers.ts';
import type { ActionAnswer } from '../../src/commands/turn.ts';
import type { PolicyDocument } from '../../src/core/policy/approval-policy.ts';
import { RolesUnavailableError } from '../../src/core/policy/role-source.ts';
import type { RequestStore } from '../../src/core/store.ts';
import type { SignInRequest } from '../../src/ports/sign-in.ts';
import type { WebAnswer } from '../../src/ports/web-page.ts';
import { MemoryStore } from '../support/memory-store.ts';
import { MemorySwitchyard } from '../support/memory-switchyard.ts';
import { ada, ben, rita } from '../support/people.ts';
import { policyDocument } from '../support/policy.ts';

const lockDown = 'lock down contoso.com';

let house: MemorySwitchyard;
let links: SignInRequest[] = [];

/** A house whose lock-downs need more than a click. */
async function houseWith(
  proofOfPerson: PolicyDocument['rules']['high']['proofOfPerson'],
  quorum = 1,
): Promise<MemorySwitchyard> {
  const made = new MemorySwitchyard();
  const { rules } = policyDocument();
  const high = { ...rules.high, proofOfPerson, quorum };
  await made.policies.replace(1, policyDocument({ rules: { ...rules, high } }));
  Object.assign(made.services.roles, { offersSignIn: true });
  Object.assign(made.services, {
    signIns: {
      begin: async (request: SignInRequest) => {
        links.push(request);
        return { url: new URL(`https://bot.example/sign-in/${links.length}`), validForSeconds: 600 };
      },
    },
  });
  made.moveMx();
  await made.carryThrough('set up gateway exchangedefender for contoso.com');
  await made.say(lockDown);
  await made.settle();
  return made;
}

beforeEach(async () => {
  links = [];
  house = await houseWith('fresh-sign-in');
});

function cardOf(answer: ActionAnswer): string {
  return answer.kind === 'card' ? answer.card.template : `${answer.kind} ${'message' in answer ? answer.message : ''}`;
}

/** Ada, having signed in for what her click asked for. */
function proven(link = links.at(-1), uses = { left: 1 }): Proven {
  if (!link) throw new Error('nobody was asked to sign in');
  const { tenantId, objectId, name } = ada;
  return {
    request: link,
    signedIn: { tenantId, objectId, name, at: new Date().toISOString(), contexts: ['c1'] },
    form: { action: '/sign-in/x/decision', token: 'token' },
    use: async () => {
      uses.left -= 1;
      return uses.left >= 0;
    },
  };
}

function answers() {
  const { store, gate, roles } = house;
  return decisionAnswers({ store, gate, roles, clock: house.world.clock, isRehearsal: false });
}

const textOf = ({ html = '' }: WebAnswer): string => html.replace(/<style>.*<\/style>/su, '').replace(/<[^>]+>/gu, ' ');

describe('an approval where a click is not enough', () => {
  it('is answered with a card for the one who clicked, which names all that the sign-in is for', async () => {
    expect(cardOf(await house.click('approve', ada))).toBe('sign-in');
    const { id, nonce, plan, state } = await house.request();
    const digest = plan?.digest.slice(0, 16);
    expect(state).toBe('awaiting-approval');
    expect(links).toEqual([
      {
        tenantId: ada.tenantId,
        objectId: ada.objectId,
        name: 'Ada',
        purpose: { kind: 'decision', requestId: id, verdict: 'approve', digest, nonce },
      },
    ]);
  });

  it('asks nobody to sign in who may not decide anyway', async () => {
    expect(cardOf(await house.click('approve', rita))).toMatch(/^error/u);
    expect(links).toEqual([]);
  });

  it('is shown first and decided by the button, by somebody who is an approver at that moment', async () => {
    await house.click('approve', ada);
    const page = await answers().arrived(proven());
    const { plan, id } = await house.request();
    expect(page.status).toBe(200);
    expect(textOf(page)).toContain(plan?.digest.slice(0, 4));
    expect(textOf(page)).toContain(id);
    expect((await house.request()).decisions).toEqual([]);

    expect(textOf(await answers().submitted(proven()))).toMatch(/Approved/u);

    const { decisions } = await house.request();
    expect(decisions).toMatchObject([{ verdict: 'approve', signedInAt: expect.any(String) }]);
    expect(Date.parse(decisions[0]?.signedInAt ?? '')).toBeLessThanOrEqual(house.world.clock.now().getTime());
  });

  it('is shown with every warning of the plan, however many there are', async () => {
    await house.click('approve', ada);
    const { plan, ...request } = await house.request();
    if (!plan) throw new Error('no plan');
    const warnings = Array.from({ length: 30 }, (_, index) => ({ level: 'danger', text: `danger ${index}.` }) as const);
    const shown = { ...request, plan: { ...plan, warnings } };
    const { gate, roles } = house;
    const store: RequestStore = Object.assign(new MemoryStore(), { get: () => Promise.resolve(shown) });
    const options = { store, gate, roles, clock: house.world.clock, isRehearsal: false };
    const page = textOf(await decisionAnswers(options).arrived(proven()));
    expect(warnings.filter(({ text }) => !page.includes(text))).toEqual([]);
  });

  it('is refused when the person is no approver any more, or the sign-in was used', async () => {
    await house.click('approve', ada);
    const before = house.roles;
    house.roles = { ...before, actor: async (who) => ({ ...(await before.actor(who)), roles: [], rings: [] }) };
    expect(textOf(await answers().submitted(proven()))).toMatch(/approver/u);
    house.roles = before;
    expect(textOf(await answers().submitted(proven(undefined, { left: 0 })))).toMatch(/used already/u);
    expect((await house.request()).decisions).toEqual([]);
  });

  it('leaves the sign-in good while it cannot be read who may decide', async () => {
    await house.click('approve', ada);
    const before = house.roles;
    const away = new RolesUnavailableError('Graph is away.', { operation: 'x', next: 'Try again in a minute.' });
    house.roles = { ...house.roles, actor: () => Promise.reject(away) };
    const uses = { left: 1 };
    expect(textOf(await answers().submitted(proven(undefined, uses)))).toMatch(/Graph is away.*Try again/u);
    expect(uses.left).toBe(1);
    house.roles = before;
    expect(textOf(await answers().submitted(proven(undefined, uses)))).toMatch(/Approved/u);
  });

  it('is refused for a plan that is not the one of the click, before and after the button', async () => {
    await house.click('approve', ada);
    const [link] = links;
    if (link?.purpose.kind !== 'decision') throw new Error('no link');
    for (const change of [{ nonce: 'another-nonce' }, { digest: 'f'.repeat(16) }]) {
      const other = { ...link, purpose: { ...link.purpose, ...change } };
      expect(textOf(await answers().arrived(proven(other)))).toMatch(/plan has changed/u);
      expect(textOf(await answers().submitted(proven(other)))).toMatch(/plan has changed/u);
    }
    expect((await house.request()).decisions).toEqual([]);
  });

  it('says where the request stands when it is decided already', async () => {
    await house.click('approve', ada);
    await house.click('cancel', rita);
    expect(textOf(await answers().arrived(proven()))).toMatch(/does not wait for a decision/u);
    expect(textOf(await answers().submitted(proven()))).toMatch(/Not decided/u);
  });

  it('is kept in the audit trail with who signed in, when and how well, and with who was refused', async () => {
    await house.click('approve', ada);
    const { request, signedIn } = proven();
    const asBen = { ...signedIn, objectId: ben.objectId, name: 'Ben' };
    const failure = new SignInFailure('wrong-person', 'This link is for Ada.', '');
    const entries = [
      await answers().entryOf(request, signedIn, null),
      await answers().entryOf(request, asBen, failure),
    ];
    expect(entries).toMatchObject([
      { outcome: 'accepted', actor: { name: 'Ada' }, detail: { contexts: ['c1'], verdict: 'approve' } },
      {
        outcome: 'refused',
        reason: 'This link is for Ada.',
        actor: { objectId: ben.objectId },
        detail: { refused: 'wrong-person', asked: { objectId: ada.objectId } },
      },
    ]);
  });
});

describe('an approval that needs two, or one who has signed in', () => {
  it('counts the click, and offers the sign-in to whoever clicked', async () => {
    house = await houseWith('fresh-sign-in-or-two');
    expect(cardOf(await house.click('approve', ada))).toBe('sign-in');
    expect((await house.request()).decisions).toHaveLength(1);
    expect(cardOf(await house.click('approve', ada))).toBe('sign-in');
    expect(textOf(await answers().submitted(proven()))).toMatch(/Approved/u);
    expect((await house.request()).state).toBe('confirming');
  });

  it('says that nobody else has to only where that is so', async () => {
    const said = async (): Promise<string> => JSON.stringify(await house.click('approve', ada));
    house = await houseWith('fresh-sign-in-or-two');
    expect(await said()).toContain('Sign in and approve again, and nobody else has to.');
    house = await houseWith('fresh-sign-in-or-two', 2);
    const answer = await said();
    expect(answer).not.toContain('nobody else has to');
    expect(answer).toContain('still needed: one more of approvers');
  });

  it('is complete with the click of another', async () => {
    house = await houseWith('fresh-sign-in-or-two');
    await house.click('approve', ada);
    await house.click('approve', ben);
    expect((await house.request()).state).toBe('confirming');
  });
});

describe('the way back from the sign-in card', () => {
  it('shows the request as it is now', async () => {
    await house.click('approve', ada);
    expect(cardOf(await house.click('back', ada))).toBe('plan');
    expect(cardOf(await house.click('back', ada, { requestId: 'R-22222222', digest: '', nonce: '' }))).toMatch(
      /^error/u,
    );
  });
});
