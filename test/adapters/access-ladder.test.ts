import { describe, expect, it } from 'vitest';
import { createAccessLadder } from '../../src/adapters/tenants/access-ladder.ts';
import { TenantAccessError, UnavailableError } from '../../src/core/errors.ts';
import type { LadderView } from '../../src/ports/access-ladder.ts';
import { FakeDirectory } from '../support/fake-directory.ts';
import { FakeExchange } from '../support/fake-exchange.ts';

const CONTOSO = 'c0000000-0000-4000-8000-000000000001';
const detail = { operation: 'x', next: 'Somebody does something.' };

function climb(failure: Error | null, change: (directory: FakeDirectory) => void = () => undefined) {
  const exchange = new FakeExchange(CONTOSO, { acceptedDomains: ['sales.contoso.com', 'contoso.com'] });
  const directory = new FakeDirectory(CONTOSO);
  const forgotten: string[] = [];
  if (failure) exchange.fail('Get-AcceptedDomain', failure);
  change(directory);
  const ladder = createAccessLadder({
    exchange: { tenant: () => exchange },
    directory: { tenant: () => directory },
    forget: (tenantId) => forgotten.push(tenantId),
  });
  return { view: ladder.climb(CONTOSO), forgotten };
}

function refused(reason: TenantAccessError['reason']): TenantAccessError {
  return new TenantAccessError('No.', { ...detail, reason });
}

function rungsOf({ rungs }: LadderView): string {
  return Object.values(rungs).join(' ');
}

describe('adapters/tenants/access-ladder', () => {
  it.each<[string, Error | null, string]>([
    ['answers', null, 'yes yes yes yes'],
    ['knows no consent', refused('consent'), 'no unknown unknown unknown'],
    ['misses the permission (401)', refused('app-role'), 'yes no unknown unknown'],
    ['misses the role (403)', refused('directory-role'), 'yes yes no unknown'],
    ['refuses our own credential', refused('credential'), 'unknown unknown unknown unknown'],
    ['is out of order', new UnavailableError('Down.', detail), 'unknown unknown unknown unknown'],
  ])('stands where Exchange %s', async (_what, failure, rungs) => {
    const view = await climb(failure).view;
    expect(rungsOf(view)).toBe(rungs);
    expect(view.next).toBe(failure ? detail.next : '');
    expect(view.domains).toEqual(failure ? [] : ['contoso.com', 'sales.contoso.com']);
  });

  it('asks with new tokens, because rights only appear in them', async () => {
    const { view, forgotten } = climb(null);
    await view;
    expect(forgotten).toEqual([CONTOSO]);
  });

  it('tells what is missing beside mail flow, and is no less connected for it', async () => {
    const lacking = await climb(null, (directory) => {
      directory.access = async () => ({ missing: [], principal: null, graphPermissions: [], directoryRoles: null });
    }).view;
    expect([rungsOf(lacking), lacking.beside]).toEqual(['yes yes yes yes', expect.stringContaining('Domain.Read.All')]);
    const silent = await climb(null, (directory) => {
      directory.access = () => Promise.reject(new UnavailableError('Graph is down.', detail));
    }).view;
    expect(silent.beside).toContain('Graph is down.');
    const without = await climb(refused('consent'), (directory) => {
      directory.access = () => Promise.reject(new UnavailableError('Graph is down.', detail));
    }).view;
    expect(without.beside).toBe('');
  });
});
