import { describe, expect, it } from 'vitest';
import { PARTNER, wire } from './wire.ts';

const cloud = wire();

describe('fidelity point 4: headers', () => {
  it('may name the cmdlet again, and no other', async () => {
    const named = (cmdlet: string) => cloud.run('Get-AcceptedDomain', {}, 'contoso', { 'x-cmdletname': cmdlet });
    const [same, other] = [await named('get-accepteddomain'), await named('Get-RemoteDomain')];
    expect([same.status, other.status, other.body.error.code]).toEqual([200, 400, 'BadRequest']);
  });

  it('hold the warnings too where the switch says so', async () => {
    await cloud.run('New-InboundConnector', { ...PARTNER, Name: 'Zürich' });
    const quiet = await cloud.run('New-InboundConnector', { ...PARTNER, Name: 'two' });
    await cloud.directory({ switches: { warningHeader: true } });
    const loud = await cloud.run('New-InboundConnector', { ...PARTNER, Name: 'three' });
    const none = await cloud.run('Get-AcceptedDomain');
    expect(loud.headers['x-warnings']).toContain('"Z?rich"');
    expect(loud.body['@adminapi.warnings'].join(' ')).toContain('"Zürich"');
    expect([quiet, none].map(({ headers }) => headers['x-warnings'])).toEqual([undefined, undefined]);
  });
});
