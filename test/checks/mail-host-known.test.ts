import { describe, expect, it } from 'vitest';
import { mailHostKnown } from '../../src/checks/mail-host-known.ts';
import { TenantAccessError } from '../../src/core/errors.ts';
import { fakeWorld } from '../support/fake-world.ts';

describe('checks/mail-host-known', () => {
  it('passes with the host that the directory names', async () => {
    const world = fakeWorld();
    world.directory.mailHosts.set('contoso.com', 'contoso-com.n-v1.mx.microsoft');
    expect(await mailHostKnown.run(world, { domain: 'contoso.com' })).toMatchObject({
      status: 'pass',
      evidence: { host: 'contoso-com.n-v1.mx.microsoft' },
    });
  });

  it('is unknown, with who gives what, where the directory may not be read or names none', async () => {
    const world = fakeWorld();
    world.directory.mailHosts.set('contoso.com', null);
    const none = await mailHostKnown.run(world, { domain: 'contoso.com' });
    expect([none.status, none.evidence]).toEqual(['unknown', { host: null }]);
    world.directory.error = new TenantAccessError('No.', { operation: 'x', next: 'x', reason: 'app-role' });
    const refused = await mailHostKnown.run(world, { domain: 'contoso.com' });
    expect([refused.status, refused.remedy]).toEqual(['unknown', expect.stringContaining('Domain.Read.All')]);
  });
});
