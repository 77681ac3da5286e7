import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { trustExtraCa } from '../../src/adapters/http/trust-extra-ca.ts';
import { homeRoles } from '../../src/app/home-roles.ts';
import { firstPolicy } from '../../src/app/policy.ts';
import { readConfig } from '../../src/config/config.ts';
import { approvalPolicy, approvalPolicySchema, type PolicyDocument } from '../../src/core/policy/approval-policy.ts';
import { fixedPolicy } from '../../src/core/policy/policy-source.ts';
import { type RoleSource, RolesUnavailableError } from '../../src/core/policy/role-source.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { MemoryPeople } from '../support/memory-people.ts';
import { type RunningRehearsal, startRehearsal } from '../support/rehearsal.ts';
import { silentLog } from '../support/silent-log.ts';

const HOME = '0b0b0b0b-0000-4000-8000-000000000001';
const GROUP = '22222222-0000-4000-8000-00000000000';
const [rita, ada, ben, gus, eve] = ['0001', '0011', '0012', '0021', '0031'].map((digits) => ({
  tenantId: HOME,
  objectId: `11111111-0000-4000-8000-00000000${digits}`,
  name: digits,
})) as [Someone, Someone, Someone, Someone, Someone];
interface Someone {
  readonly tenantId: string;
  readonly objectId: string;
  readonly name: string;
}

let rehearsal: RunningRehearsal;
let base: PolicyDocument;
const clock = new FakeClock();

beforeAll(async () => {
  rehearsal = await startRehearsal();
  const { config } = readConfig(rehearsal.environment, 'rehearsal');
  if (config.extraCaFile) await trustExtraCa(config.extraCaFile);
  base = await firstPolicy(config);
});

afterAll(() => rehearsal?.stop());

afterEach(async () => {
  await rehearsal.control('reset', {});
});

const people = new MemoryPeople();

/** Everything through groups of the home tenant, nobody by name. */
function byGroups(change: object = {}): PolicyDocument {
  return approvalPolicySchema.parse({
    ...base,
    requesters: { groups: [`${GROUP}1`] },
    operators: {},
    rings: { approvers: { groups: [`${GROUP}2`] } },
    ...change,
  });
}

function rolesUnder(document: PolicyDocument, environment: Record<string, string> = {}): RoleSource {
  const { config, secrets } = readConfig({ ...rehearsal.environment, ...environment }, 'rehearsal');
  const policies = fixedPolicy(approvalPolicy(document));
  return homeRoles({ config, secrets, clock, log: silentLog(), listTenants: async () => [] }, policies, people);
}

const graphCalls = async (): Promise<number> => ((await rehearsal.control('journal?where=graph')) as unknown[]).length;
const put = (path: string, body: object): Promise<unknown> => rehearsal.control(path, body, 'PUT');
const graphIsDown = (times: number | null = null): Promise<unknown> =>
  rehearsal.control('faults', { where: 'graph', match: { tenant: 'home' }, kind: 'server-error-before', times });

describe('roles from groups of the home tenant', () => {
  it('come from a group, also through a group inside it', async () => {
    const roles = rolesUnder(byGroups());
    expect(await roles.actor(rita)).toMatchObject({ roles: ['requester'], rings: [], isGuest: false });
    expect(await roles.actor(ada)).toMatchObject({ roles: ['approver'], rings: ['approvers'] });
    expect(await roles.actor(ben)).toMatchObject({ roles: ['approver'], rings: ['approvers'] });
    expect(await roles.actor(eve)).toMatchObject({ roles: [], rings: [] });
    expect([...(await people.of([ada.objectId]))]).toEqual([[ada.objectId, expect.stringMatching(/^Ada/u)]]);
  });

  it('are none for a guest, whether in a group or listed by name', async () => {
    const listed = rolesUnder(byGroups({ rings: { approvers: { people: [gus.objectId] } } }));
    for (const roles of [rolesUnder(byGroups()), listed]) {
      expect(await roles.actor(gus)).toMatchObject({ roles: [], rings: [], isGuest: true });
      expect(await roles.membersOf('approvers')).not.toContain(gus.objectId);
    }
  });

  it('are none for a disabled account, and for one of another tenant or that nobody has', async () => {
    await put('home', { users: { ada: { accountEnabled: false } } });
    const roles = rolesUnder(byGroups({ rings: { approvers: { people: [ada.objectId], groups: [`${GROUP}2`] } } }));
    expect(await roles.actor(ada)).toMatchObject({ roles: [] });
    expect(await roles.actor({ ...ben, tenantId: 'c0000000-0000-4000-8000-000000000001' })).toMatchObject({
      roles: [],
      isGuest: true,
    });
    expect(await roles.actor({ ...ben, objectId: '99999999-0000-4000-8000-000000000001' })).toMatchObject({
      roles: [],
    });
    expect(await roles.membersOf('approvers')).toEqual([ben.objectId]);
  });

  it('survive groups that contain each other', async () => {
    await put('groups', { group: `${GROUP}3`, members: ['ben', 'Mail flow approvers'] });
    const roles = rolesUnder(byGroups());
    expect([...(await roles.membersOf('approvers'))].toSorted()).toEqual([ada.objectId, ben.objectId]);
  });

  it('are read from every page of a large group', async () => {
    const crowd = Array.from({ length: 1100 }, (_, index) => ({ id: `member-${index}` }));
    await rehearsal.control('members', { add: crowd });
    await put('groups', { group: `${GROUP}2`, members: [...crowd.map(({ id }) => id), 'ada'] });
    const roles = rolesUnder(byGroups());
    expect(await roles.membersOf('approvers')).toHaveLength(1101);
    expect(await roles.actor(ada)).toMatchObject({ roles: ['approver'] });
  });

  it('are kept for five minutes, and not for longer', async () => {
    const roles = rolesUnder(byGroups());
    await roles.actor(ben);
    await put('groups', { group: `${GROUP}3`, members: [] });
    const before = await graphCalls();
    clock.advance(140);
    expect(await roles.actor(ben)).toMatchObject({ roles: ['approver'] });
    expect(await graphCalls()).toBe(before);
    clock.advance(161);
    expect(await roles.actor(ben)).toMatchObject({ roles: [] });
  });

  it('are asked for anew where an answer of the last minutes is not good enough', async () => {
    const roles = rolesUnder(byGroups());
    expect(await roles.actor(ben)).toMatchObject({ roles: ['approver'] });
    await put('groups', { group: `${GROUP}3`, members: [] });
    expect(await roles.actor(ben, 'now')).toMatchObject({ roles: [] });
  });

  it('cost one question however many people click at once', async () => {
    const roles = rolesUnder(byGroups());
    const before = await graphCalls();
    await Promise.all(Array.from({ length: 50 }, () => roles.actor(ada)));
    // The account and the two groups of the policy.
    expect((await graphCalls()) - before).toBe(3);
  });
});

describe('roles while the home tenant cannot be read', () => {
  it('are none, with the reason and what to do, and come back by themselves', async () => {
    const roles = rolesUnder(byGroups());
    await graphIsDown(9);
    const error: unknown = await roles.actor(ada).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RolesUnavailableError);
    expect(error).toMatchObject({ message: expect.stringMatching(/out of order/u), next: 'Try again in a minute.' });
    await rehearsal.control('reset', {});
    expect(await roles.actor(ada)).toMatchObject({ roles: ['approver'] });
  });

  it('hold for as long as they may be kept, and then fail closed', async () => {
    const roles = rolesUnder(byGroups());
    await roles.actor(ada);
    await graphIsDown();
    clock.advance(100);
    expect(await roles.actor(ada)).toMatchObject({ roles: ['approver'] });
    await expect(roles.actor(ada, 'now')).rejects.toBeInstanceOf(RolesUnavailableError);
    clock.advance(201);
    await expect(roles.actor(ada)).rejects.toBeInstanceOf(RolesUnavailableError);
  });

  it('are refused within seconds when Graph does not answer at all', async () => {
    const roles = rolesUnder(byGroups());
    await rehearsal.control('faults', { where: 'graph', match: { tenant: 'home' }, kind: 'hang-after', times: null });
    const began = performance.now();
    await expect(roles.actor(ada)).rejects.toBeInstanceOf(RolesUnavailableError);
    expect(performance.now() - began).toBeLessThan(8000);
  }, 15_000);

  it.each([
    [['GroupMember.Read.All'], /User\.Read\.All/u],
    [['GroupMember.Read.All', 'User.ReadBasic.All'], /who is a guest/u],
    [['User.Read.All'], /GroupMember\.Read\.All/u],
    [[], /does not let us read|permission/u],
  ])('name the permission that is missing when only %j is granted', async (permissions, reason) => {
    await put('home', { permissions });
    const error = await rolesUnder(byGroups())
      .actor(ada)
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: 'roles-unavailable',
      message: expect.stringMatching(reason),
      next: expect.stringContaining("the bot's registration"),
    });
  });

  it('are refused to everybody when the policy names a group that does not exist, or groups are not read', async () => {
    const missing = rolesUnder(
      byGroups({ rings: { approvers: { groups: ['33333333-0000-4000-8000-000000000001'] } } }),
    );
    await expect(missing.actor(ada)).rejects.toThrow(/does not exist/u);
    await expect(rolesUnder(byGroups(), { HOME_DIRECTORY: 'none' }).actor(ada)).rejects.toThrow(/may not read any/u);
  });

  it('need nobody when the policy lists people and nobody is looked up', async () => {
    await graphIsDown();
    const roles = rolesUnder(base, { HOME_DIRECTORY: 'none' });
    expect(await roles.actor(ada)).toMatchObject({ roles: ['approver', 'operator'] });
  });
});
