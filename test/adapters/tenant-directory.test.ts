import { afterEach, describe, expect, it, vi } from 'vitest';
import { createTenantDirectory } from '../../src/adapters/tenants/tenant-directory.ts';
import { UnavailableError } from '../../src/core/errors.ts';
import type { ManagedTenant } from '../../src/ports/tenant-directory.ts';
import { FakeExchange } from '../support/fake-exchange.ts';

const contoso: ManagedTenant = { id: 'c1', name: 'contoso' };
const fabrikam: ManagedTenant = { id: 'c2', name: 'fabrikam' };

/** Two tenants; what each has and how it answers can be changed. */
function house() {
  const exchanges = new Map([
    ['c1', new FakeExchange('c1', { acceptedDomains: ['contoso.com'] })],
    ['c2', new FakeExchange('c2', { acceptedDomains: ['fabrikam.com'] })],
  ]);
  const tenants = [contoso, fabrikam];
  const of = (id: string) => exchanges.get(id) ?? new FakeExchange(id);
  const directory = createTenantDirectory(() => Promise.resolve(tenants), { tenant: of });
  return { directory, tenants, exchanges, of };
}

afterEach(() => {
  vi.useRealTimers();
});

describe('adapters/tenants/tenant-directory', () => {
  it('finds a domain although another tenant does not answer, and says which one that is', async () => {
    const { directory, of } = house();
    vi.spyOn(of('c2'), 'list').mockReturnValue(new Promise(() => undefined));
    expect(await directory.ownerOf('contoso.com')).toEqual({ kind: 'found', tenant: contoso });
    expect(await directory.ownerOf('fabrikam.com')).toEqual({
      kind: 'unknown',
      known: ['contoso.com'],
      unreadable: [{ tenant: fabrikam, reason: 'It has not answered yet.' }],
    });
  });

  it('finds a tenant that was added a moment ago', async () => {
    const { directory, tenants, exchanges } = house();
    await directory.refresh();
    exchanges.set('c3', new FakeExchange('c3', { acceptedDomains: ['new.example'] }));
    tenants.push({ id: 'c3', name: 'new' });
    expect(await directory.ownerOf('new.example')).toMatchObject({ kind: 'found', tenant: { id: 'c3' } });
  });

  it('waits for a tenant that is being read already', async () => {
    const { directory, tenants, exchanges, of } = house();
    await directory.refresh();
    exchanges.set('c3', new FakeExchange('c3', { acceptedDomains: ['new.example'] }));
    const domains = await of('c3').list('Get-AcceptedDomain');
    const slow = Promise.withResolvers<typeof domains>();
    const asked = vi.spyOn(of('c3'), 'list').mockReturnValue(slow.promise);
    tenants.push({ id: 'c3', name: 'new' });
    const both = [directory.ownerOf('new.example'), directory.ownerOf('new.example')];
    await vi.waitFor(() => expect(asked).toHaveBeenCalled(), { timeout: 10_000 });
    slow.resolve(domains);
    expect(await Promise.all(both)).toMatchObject([{ kind: 'found' }, { kind: 'found' }]);
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it('keeps the domains of a tenant that cannot be read for a while', async () => {
    const { directory, of } = house();
    await directory.refresh();
    of('c1').fail('Get-AcceptedDomain', new UnavailableError('away', { operation: 'read', next: '' }), { times: 9 });
    await directory.refresh();
    expect(await directory.ownerOf('contoso.com')).toMatchObject({ kind: 'found' });
    expect(await directory.ownerOf('other.example')).toMatchObject({
      unreadable: [{ tenant: contoso, reason: 'away' }],
    });
  });

  it('notices after a while that a domain has moved to another tenant', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const { directory, exchanges } = house();
    await directory.refresh();
    exchanges.set('c1', new FakeExchange('c1'));
    exchanges.set('c2', new FakeExchange('c2', { acceptedDomains: ['contoso.com', 'fabrikam.com'] }));
    expect(await directory.ownerOf('contoso.com')).toMatchObject({ tenant: contoso });
    vi.advanceTimersByTime(600_001);
    await directory.ownerOf('contoso.com');
    await vi.waitFor(async () =>
      expect(await directory.ownerOf('contoso.com')).toEqual({ kind: 'found', tenant: fabrikam }),
    );
  });
});
