import { describe, expect, it } from 'vitest';
import { createSmtpProbe } from '../../src/adapters/smtp/probe.ts';
import { isProbeTarget } from '../../src/adapters/smtp/probe-target.ts';

const forbidden = [
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.1',
  '10.255.255.255',
  '100.64.0.1',
  '100.100.100.200',
  '127.0.0.1',
  '127.0.0.11',
  '127.255.255.255',
  '168.63.129.16',
  '169.254.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.192',
  '192.0.2.1',
  '192.31.196.1',
  '192.52.193.1',
  '192.88.99.1',
  '192.168.0.1',
  '192.175.48.1',
  '198.18.0.1',
  '198.19.255.255',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '239.255.255.255',
  '240.0.0.1',
  '255.255.255.255',
  '0177.0.0.1',
  '0x7f.0.0.1',
  '2130706433',
  '127.1',
  '010.0.0.1',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:8.8.8.8',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  'fe80::1',
  'fd00::1',
  '2001:db8::1',
  'localhost',
  '8.8.8.8 ',
  '8.8.8.8:25',
  '8.8.8.8/32',
  '',
];

describe('adapters/smtp/probe-target', () => {
  it.each(forbidden)('refuses "%s"', (address) => {
    expect(isProbeTarget(address, false)).toBe(false);
  });

  it.each(['8.8.8.8', '52.101.73.1', '65.99.255.10', '168.63.129.17', '172.32.0.1', '100.128.0.1'])(
    'accepts %s',
    (address) => {
      expect(isProbeTarget(address, false)).toBe(true);
    },
  );

  it('adds plain loopback addresses only where that is allowed', () => {
    const allowed = forbidden.filter((address) => isProbeTarget(address, true));
    expect(allowed).toEqual(['127.0.0.1', '127.0.0.11', '127.255.255.255']);
  });

  it('keeps the probe from connecting to any of them', async () => {
    const probe = createSmtpProbe({ port: 25, egressAddresses: [], allowLoopback: false });
    const started = performance.now();
    for (const address of forbidden) {
      const result = await probe.probe({ host: 'mx.example', address, from: '', to: 'info@contoso.com' });
      expect(result).toMatchObject({ kind: 'failure', stage: 'connect', reason: 'refused-address' });
    }
    expect(performance.now() - started).toBeLessThan(500);
  });
});
