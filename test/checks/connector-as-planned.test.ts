import { describe, expect, it } from 'vitest';
import { connectorAsPlanned } from '../../src/checks/connector-as-planned.ts';
import { TenantAccessError, UnavailableError } from '../../src/core/errors.ts';
import { fakeWorld } from '../support/fake-world.ts';

const connector = 'Inbound from ExchangeDefender';
const expected = {
  Enabled: false,
  RequireTls: true,
  SenderDomains: ['*'],
  SenderIPAddresses: ['52.0.31.31', '65.99.255.0/24'],
  TlsSenderCertificateName: null,
};

function worldWith(changes: object = {}) {
  return fakeWorld({ connectors: [{ Name: connector, ...expected, ...changes }] });
}

describe('checks/connector-as-planned', () => {
  it('passes when every planned field is there, whatever else the connector holds', async () => {
    const finding = await connectorAsPlanned.run(worldWith({ Comment: 'ours' }), { connector, expected });

    expect(finding).toMatchObject({ status: 'pass', remedy: '', evidence: { found: true, different: {} } });
  });

  it('takes lists as sets', async () => {
    const world = worldWith({ SenderIPAddresses: ['65.99.255.0/24', '52.0.31.31'] });

    expect(await connectorAsPlanned.run(world, { connector, expected })).toMatchObject({ status: 'pass' });
  });

  it('fails with the fields that differ', async () => {
    const world = worldWith({ Enabled: true, SenderIPAddresses: ['65.99.255.0/24'] });

    const finding = await connectorAsPlanned.run(world, { connector, expected });

    expect(finding.status).toBe('fail');
    expect(finding.fact).toContain('Enabled is true and should be false');
    expect(finding.fact).toContain('SenderIPAddresses is 65.99.255.0/24 and should be 52.0.31.31, 65.99.255.0/24');
    expect(finding.evidence).toEqual({
      found: true,
      different: { Enabled: true, SenderIPAddresses: ['65.99.255.0/24'] },
    });
  });

  it('fails when there is no such connector', async () => {
    expect(await connectorAsPlanned.run(fakeWorld(), { connector, expected })).toMatchObject({
      status: 'fail',
      remedy: expect.stringMatching(/nothing keeps mail from coming in past the gateway through this connector\.$/u),
      evidence: { found: false },
    });
  });

  it.each([
    new UnavailableError('Exchange does not answer.', { operation: 'Get-InboundConnector', next: 'Ask again later.' }),
    new TenantAccessError('No consent.', { operation: 'Get-InboundConnector', next: 'Consent.', reason: 'consent' }),
  ])('does not know when it cannot be read: $code', async (error) => {
    const world = worldWith();
    world.exchange.fail('Get-InboundConnector', error);

    const finding = await connectorAsPlanned.run(world, { connector, expected });

    expect(finding).toMatchObject({ status: 'unknown', remedy: error.next, evidence: { read: error.code } });
  });

  it('does not hide a defect of ours', async () => {
    const world = worldWith();
    world.exchange.fail('Get-InboundConnector', new TypeError('defect'));

    await expect(connectorAsPlanned.run(world, { connector, expected })).rejects.toThrow('defect');
  });
});

describe('support/fake-world', () => {
  it('stores what is invoked', async () => {
    const { exchange } = fakeWorld();
    const parameters = { Name: 'Gate', SenderDomains: ['SMTP:*;1'], SenderIPAddresses: ['9.9.9.9', '65.99.255.0/24'] };

    await exchange.invoke({ cmdlet: 'New-InboundConnector', parameters: { ...parameters, Enabled: false } });
    await exchange.invoke({ cmdlet: 'Set-InboundConnector', parameters: { Identity: 'gate', Enabled: true } });

    expect(await exchange.get('Get-InboundConnector', 'GATE')).toMatchObject({
      Enabled: true,
      SenderDomains: ['*'],
      SenderIPAddresses: ['65.99.255.0/24', '9.9.9.9'],
    });
    await exchange.invoke({ cmdlet: 'Remove-InboundConnector', parameters: { Identity: 'Gate', Confirm: false } });
    expect(await exchange.list('Get-InboundConnector')).toEqual([]);
  });

  it('fails before or after the effect, as told', async () => {
    const { exchange } = fakeWorld({ connectors: [{ Name: 'Gate' }] });
    const set = (Enabled: boolean) =>
      exchange.invoke({ cmdlet: 'Set-InboundConnector', parameters: { Identity: 'Gate', Enabled } });
    const error = new UnavailableError('gone', { operation: 'Set-InboundConnector', next: 'Wait.' });

    exchange.fail('Set-InboundConnector', error);
    await expect(set(false)).rejects.toBe(error);
    expect(await exchange.get('Get-InboundConnector', 'Gate')).toMatchObject({ Enabled: true });

    exchange.fail('Set-InboundConnector', error, { afterEffect: true });
    await expect(set(false)).rejects.toBe(error);
    expect(await exchange.get('Get-InboundConnector', 'Gate')).toMatchObject({ Enabled: false });
  });
});
