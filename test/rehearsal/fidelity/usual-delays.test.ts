import { expect, it } from 'vitest';
import { usualSwitches } from '../../../src/rehearsal/exchange/switches.ts';
import { switchesFromJson } from '../../../src/rehearsal/exchange/switches-from-json.ts';
import { createTenant } from '../../../src/rehearsal/exchange/tenant.ts';
import { recallTenant, rememberTenant, tenantMemories } from '../../../src/rehearsal/exchange/tenant-memory.ts';
import { seedTenants } from '../../../src/rehearsal/seeds/seed-tenants.ts';
import { smallWorld } from '../small-world.ts';

it('a tenant that nobody set up otherwise lags as the real service does', () => {
  const { switches } = createTenant({ id: 'x', name: 'x', initialDomain: 'x.onmicrosoft.com' });
  expect(switches).toMatchObject({
    visibleAfterSeconds: 10,
    connectorSeconds: 120,
    ruleSeconds: 1800,
    roleSeconds: 900,
    consentSeconds: 10,
    graphSeconds: 30,
    customizationSeconds: 3600,
  });
});

it('a role that is given by whoever manages the tenant acts after minutes, one that a fault takes is gone at once', async () => {
  const { access } = createTenant({ id: 'x', name: 'x', initialDomain: 'x.onmicrosoft.com' });
  const { roleSeconds } = usualSwitches();
  access.change({ roles: [] }, 1_000_000);
  const early = access.seen(1_000_000 + 60_000, roleSeconds).roles;
  access.settle({ roles: [] });
  const settled = access.seen(1_000_000 + 60_000, roleSeconds).roles;
  expect([early, settled]).toEqual([['Exchange Administrator'], []]);
});

it('says until when a change of rights does not act', () => {
  const { access, switches } = createTenant({ id: 'x', name: 'x', initialDomain: 'x.onmicrosoft.com' });
  const at = (now: number) => access.actsAt(now, switches);
  const untouched = at(1_000_000);
  access.change({ roles: [] }, 1_000_000);
  access.change({ consent: 'revoked' }, 1_800_000);
  expect([untouched, at(1_000_001), at(1_800_000), at(1_900_000)]).toEqual([null, 1_900_000, 1_900_000, null]);
});

it('REHEARSAL_SWITCHES gives every seeded tenant its switches, but where the seed says something itself', async () => {
  const { world } = await smallWorld();
  seedTenants({ ...world, switches: switchesFromJson('{"roleSeconds":0,"regionalRedirect":false}') });
  const byName = new Map([...world.tenants.values()].map(({ name, switches }) => [name, switches]));
  expect(byName.get('contoso')).toMatchObject({ roleSeconds: 0, visibleAfterSeconds: 10 });
  expect(byName.get('proseware')).toMatchObject({ roleSeconds: 0, regionalRedirect: true });
});

it.each([
  ['[]', 'must be a JSON object'],
  ['nonsense', 'must be a JSON object'],
  ['{"roleSeconds":-1}', 'roleSeconds must be a number of seconds'],
  ['{"haste":1}', 'There is no switch haste'],
])('REHEARSAL_SWITCHES=%s is refused in words', (text, words) => {
  expect(() => switchesFromJson(text)).toThrow(words);
});

it('a tenant that an earlier version wrote down has the usual switches where it knew none', () => {
  const tenant = createTenant({ id: 'x', name: 'x', initialDomain: 'x.onmicrosoft.com' });
  const memory = JSON.parse(JSON.stringify(rememberTenant(tenant)));
  memory.switches = { roleSeconds: 0 };
  const [earlier] = tenantMemories.parse([memory]);
  expect(earlier && recallTenant(earlier).switches).toMatchObject({ roleSeconds: 0, ruleSeconds: 1800 });
});
