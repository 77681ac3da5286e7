import { describe, expect, it } from 'vitest';
import { closing } from '../../src/core/run-endings.ts';
import type { SetUp } from '../../src/core/set-up.ts';

const before: SetUp = {
  tenantId: 'c0000000-0000-4000-8000-000000000001',
  domain: 'contoso.com',
  gateway: 'exchangedefender',
  gatewayVersion: '2026-11-01',
  connector: 'Switchyard - Inbound from ExchangeDefender',
  ranges: ['65.99.255.0/24'],
  mxPatterns: [],
  locked: true,
  health: 'proven',
};
const other: SetUp = { ...before, gateway: 'mimecast-us', connector: 'Switchyard - Inbound from Mimecast' };

function ending(setUp: SetUp) {
  return closing({
    error: { code: 'stopped', message: 'A person asked the run to stop.', next: '' },
    steps: 1,
    left: ['Set-InboundConnector …'],
    setUp,
    setUps: { ofTenant: () => Promise.resolve([other, before]) },
  });
}

describe('a run that could not be undone', () => {
  it('keeps the set-up of its gateway as it was, also when the connector was renamed since', async () => {
    const setUp: SetUp = { ...before, connector: 'Defender inbound', locked: false, health: 'unknown' };
    expect(await ending(setUp)).toMatchObject({ type: 'undo-failed', setUp, before });
  });

  it('takes no set-up of another gateway for it, whatever its connector is called', async () => {
    const setUp: SetUp = { ...before, gateway: 'generic', connector: other.connector };
    expect(await ending(setUp)).toMatchObject({ type: 'undo-failed', before: null });
  });
});
