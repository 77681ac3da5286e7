import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RunningRehearsal, runningRehearsal } from './running-rehearsal.ts';

let rehearsal: RunningRehearsal;

beforeAll(async () => {
  rehearsal = await runningRehearsal();
});

afterAll(async () => {
  await rehearsal.stop();
});

beforeEach(async () => {
  await rehearsal.control('POST', '/control/reset', {});
});

async function mailTo(to: string): Promise<unknown> {
  const { body } = await rehearsal.control('POST', '/control/mail', { from: 'someone@outside.example', to });
  return body;
}

async function moveMx(domain: string, more: object = {}): Promise<void> {
  await rehearsal.control('PUT', '/control/dns', { domain, mx: 'mx.gate.example', ...more });
}

async function create(name: string, mx: string): Promise<void> {
  await rehearsal.control('POST', '/control/tenants', { name, domains: [`${name}.example`], mx });
}

describe('rehearsal/smtp/prepare-gateway', () => {
  it('lets the gateway take mail for a domain of ours whose MX is moved to it', async () => {
    await moveMx('northwind.example');
    expect(await mailTo('info@northwind.example')).toMatchObject({ accepted: true });
  });

  it('lets the gateway take mail for a new tenant that is born behind it', async () => {
    await create('litware', 'litware-example.inbound.emailservice.io');
    expect(await mailTo('info@litware.example')).toMatchObject({ accepted: true });
  });

  it('follows a new tenant that moves there later', async () => {
    await create('litware', '');
    await moveMx('litware.example');
    expect(await mailTo('info@litware.example')).toMatchObject({ accepted: true });
  });

  it('plays the administrator who forgot the gateway, on request', async () => {
    await moveMx('northwind.example', { serves: false });
    expect(await mailTo('info@northwind.example')).toMatchObject({
      accepted: false,
      reply: expect.stringMatching(/^550 5\.7\.1 /u),
    });
    await moveMx('northwind.example');
    await rehearsal.control('PUT', '/control/smtp', { host: 'gateway', serves: [] });
    expect(await mailTo('info@northwind.example')).toMatchObject({ accepted: false });
  });

  it('teaches the gateway no domain that belongs to nobody', async () => {
    await moveMx('nobody.example');
    const { body } = await rehearsal.control('GET', '/control/smtp');
    expect(body.hosts[1].serves).not.toContain('nobody.example');
  });

  it('refuses a serves that is no switch', async () => {
    const { status } = await rehearsal.control('PUT', '/control/dns', { domain: 'contoso.com', serves: ['x'] });
    expect(status).toBe(400);
  });
});

describe('rehearsal/seeds/wingtip', () => {
  it('leaves a connector behind that carries the name and the mark of ours', async () => {
    const { body } = await rehearsal.control('GET', '/control/tenants/wingtip');
    expect(body.inboundConnectors[0].stored).toMatchObject({
      Name: 'Switchyard - Inbound from Mailprotector (CloudFilter)',
      Comment: expect.stringMatching(/^\[switchyard:mailprotector\] /u),
      Enabled: true,
      RestrictDomainsToIPAddresses: true,
    });
  });
});
