import { describe, expect, it } from 'vitest';
import { readConfig, readStart } from '../../src/config/config.ts';
import { ConfigError } from '../../src/config/config-error.ts';

const ids = {
  bot: '0b0b0b0b-0000-4000-8000-0000000000b0',
  home: '0b0b0b0b-0000-4000-8000-000000000001',
  worker: '0b0b0b0b-0000-4000-8000-0000000000e0',
  rita: '11111111-0000-4000-8000-000000000001',
  ada: '11111111-0000-4000-8000-000000000011',
};

const complete = {
  BOT_APP_ID: ids.bot,
  BOT_TENANT_ID: ids.home,
  BOT_APP_SECRET: 'bot-s3cret',
  WORKER_APP_ID: ids.worker,
  WORKER_APP_SECRET: 'worker-s3cret',
  REQUESTERS: ids.rita,
  APPROVERS: `${ids.ada}, ${ids.ada.toUpperCase()}`,
  TENANTS: '[{"id":"C0000000-0000-4000-8000-000000000001","name":"contoso","initialDomain":"contoso.onmicrosoft.com"}]',
};

function faultsOf(overrides: Record<string, string | undefined>): readonly string[] {
  try {
    readConfig({ ...complete, ...overrides }, 'production');
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}

describe('config/config', () => {
  it('fills in what is usual when a variable is missing or blank', () => {
    const { config, secrets } = readConfig({ ...complete, PORT: ' ', LOG_LEVEL: '' }, 'production');
    expect(config).toMatchObject({
      http: { host: '127.0.0.1', port: 3978 },
      log: { level: 'info' },
      bot: { tokenIssuer: 'https://api.botframework.com', serviceHosts: ['smba.trafficmanager.net'] },
      exchange: { baseUrl: 'https://outlook.office365.com' },
      dns: { resolvers: ['1.1.1.1:53', '8.8.8.8:53', '9.9.9.9:53'] },
      smtp: { port: 25, egressAddresses: [], allowLoopback: false },
      decideWithinMinutes: 240,
      operatorConversation: null,
    });
    expect(secrets).toEqual({
      botAppSecret: 'bot-s3cret',
      workerAppSecret: 'worker-s3cret',
      signInAppSecret: '',
      databaseUrl: null,
      databaseOwnerUrl: null,
    });
  });

  it('writes ids in lower case and drops repetition', () => {
    const { config } = readConfig(complete, 'production');
    expect(config.tenants[0]?.id).toBe('c0000000-0000-4000-8000-000000000001');
    expect(new Set(config.roles.approvers)).toEqual(new Set([ids.ada]));
  });

  it('reports all faults together', () => {
    const faults = faultsOf({ BOT_APP_ID: '', BOT_TENANT_ID: 'contoso', PORT: '70000', DNS_RESOLVERS: 'dns.google' });
    expect(faults.map((fault) => fault.split(' ')[0])).toEqual([
      'PORT',
      'BOT_APP_ID',
      'BOT_TENANT_ID',
      'DNS_RESOLVERS',
    ]);
  });

  it.each([
    ['BOT_APP_ID', ''],
    ['BOT_APP_ID', 'not-a-guid'],
    ['BOT_TENANT_ID', ''],
    ['BOT_APP_SECRET', ''],
    ['BOT_OPENID_METADATA_URL', 'http://login.botframework.com/keys'],
    ['BOT_SERVICE_HOSTS', 'http://smba.trafficmanager.net'],
    ['BOT_SERVICE_HOSTS', 'smba.trafficmanager.net/teams'],
    ['BOT_SERVICE_HOSTS', '*'],
    ['ENTRA_AUTHORITY', 'https://user:pass@login.microsoftonline.com'],
    ['EXCHANGE_BASE_URL', 'outlook.office365.com'],
    ['EXCHANGE_SCOPE', 'https://outlook.office365.com'],
    ['COMPLIANCE_SCOPE', 'https://ps.compliance.protection.outlook.com'],
    ['GRAPH_BASE_URL', 'http://graph.microsoft.com'],
    ['MICROSOFT_CLOUD', 'china'],
    ['WORKER_MANAGED_IDENTITY', 'name'],
    ['PUBLIC_URL', 'http://bot.example'],
    ['WORKER_APP_ID', ids.bot],
    ['DNS_RESOLVERS', '1.1.1.1:99999'],
    ['SMTP_EGRESS_ADDRESSES', '2001:db8::1'],
    ['SMTP_ALLOW_LOOPBACK', 'true'],
    ['TENANTS', '{}'],
    ['TENANTS', '[{"id":"x","name":"contoso","initialDomain":"contoso.onmicrosoft.com"}]'],
    ['REQUESTERS', 'rita'],
    ['APPROVERS', ''],
    ['DATABASE_URL', 'mysql://localhost/x'],
    ['SWITCHYARD_REHEARSAL_URL', 'https://example.com'],
    ['REHEARSAL_SPEED', '0'],
    ['DECIDE_WITHIN_MINUTES', '1.5'],
    ['AZURE_IDENTITY_DISABLE_MULTITENANTAUTH', '1'],
  ])('refuses %s=%s', (name, value) => {
    expect(faultsOf({ [name]: value }).join('\n')).toContain(name);
  });

  it('never repeats a secret in a fault', () => {
    const faults = faultsOf({ BOT_APP_ID: '', DATABASE_URL: 'mysql://u:canary-pw@h/x', BOT_APP_SECRET: 'canary-bot' });
    expect(faults.join()).not.toContain('canary');
  });

  it('refuses two tenants with one id or name', () => {
    const tenant = { id: ids.home, name: 'contoso', initialDomain: 'contoso.onmicrosoft.com' };
    const twice = [tenant, { ...tenant, initialDomain: 'other.onmicrosoft.com' }];
    expect(faultsOf({ TENANTS: JSON.stringify(twice) })).toHaveLength(2);
  });

  it.each([
    ['worldwide', 'https://login.microsoftonline.com', 'outlook.office365.com', 'ps.compliance.protection.outlook.com'],
    ['gcc', 'https://login.microsoftonline.com', 'outlook.office365.com', 'ps.compliance.protection.outlook.com'],
    ['gcc-high', 'https://login.microsoftonline.us', 'outlook.office365.us', 'ps.compliance.protection.office365.us'],
    ['dod', 'https://login.microsoftonline.us', 'outlook-dod.office365.us', 'l5.ps.compliance.protection.office365.us'],
  ])('knows the hosts and scopes of the cloud %s', (cloud, authority, exchange, compliance) => {
    const { config } = readConfig({ ...complete, MICROSOFT_CLOUD: cloud }, 'production');
    expect(config.entra.authority).toBe(authority);
    expect(config.exchange).toEqual({ baseUrl: `https://${exchange}`, scope: `https://${exchange}/.default` });
    expect(config.compliance).toEqual({ baseUrl: `https://${compliance}`, scope: `https://${compliance}/.default` });
  });

  it('never reaches the real cloud in rehearsal, also where nobody says where the simulated one is', () => {
    const rehearsal = { ...complete, EXCHANGE_BASE_URL: 'https://127.0.0.1:3980' };
    const { config } = readConfig(rehearsal, 'rehearsal');
    expect(config.graph.baseUrl).toBe('https://127.0.0.1:3980');
    expect(config.compliance.baseUrl).toBe('https://127.0.0.1:3980');
  });

  it('takes a managed identity, a certificate or a secret for the worker, and warns of the secret', () => {
    const proofOf = (variables: Record<string, string>) => {
      const { config } = readConfig({ ...complete, WORKER_APP_SECRET: '', ...variables }, 'production');
      return [config.worker.proof, config.warnings.length];
    };
    const identity = { kind: 'managed-identity', clientId: ids.rita, audience: 'api://AzureADTokenExchange' };
    expect(proofOf({ WORKER_MANAGED_IDENTITY: ids.rita })).toEqual([identity, 0]);
    expect(proofOf({ WORKER_CERTIFICATE_FILE: 'worker.pem' })).toEqual([
      { kind: 'certificate', file: 'worker.pem' },
      0,
    ]);
    expect(proofOf({ WORKER_APP_SECRET: 's3cret' })).toEqual([{ kind: 'secret' }, 1]);
    expect(readConfig(complete, 'rehearsal').config.warnings).toEqual([]);
  });

  it('refuses a worker that has no proof, or two', () => {
    expect(faultsOf({ WORKER_APP_SECRET: '' }).join()).toContain('WORKER_APP_SECRET is missing');
    expect(faultsOf({ WORKER_CERTIFICATE_FILE: 'x.pem' }).join()).toContain('must not be set beside');
  });

  it('takes a registration to sign in to with its secret, and none that may do something else', () => {
    const signIn = { SIGN_IN_APP_ID: ids.rita, SIGN_IN_APP_SECRET: 's3cret', SIGN_IN_AUTH_CONTEXT: 'c1' };
    const { config, secrets } = readConfig({ ...complete, ...signIn, HOME_DIRECTORY: 'graph' }, 'production');
    expect([config.signIn, config.homeDirectory, secrets.signInAppSecret]).toEqual([
      { appId: ids.rita, authenticationContext: 'c1' },
      'graph',
      's3cret',
    ]);
    expect(readConfig(complete, 'production').config).toMatchObject({ signIn: null, homeDirectory: 'none' });
    expect(faultsOf({ ...signIn, SIGN_IN_APP_SECRET: '' }).join()).toContain('SIGN_IN_APP_SECRET is missing');
    expect(faultsOf({ SIGN_IN_APP_SECRET: 's3cret' }).join()).toContain('SIGN_IN_APP_ID is missing');
    expect(faultsOf({ ...signIn, SIGN_IN_AUTH_CONTEXT: 'strong' }).join()).toContain('c1 to c99');
    expect(faultsOf({ ...signIn, SIGN_IN_APP_ID: ids.worker }).join()).toContain('same registration as WORKER_APP_ID');
    expect(faultsOf({ ...signIn, SIGN_IN_APP_ID: ids.bot }).join()).toContain('same registration as BOT_APP_ID');
  });

  it('rehearses unless a bot registration is named', () => {
    expect(readStart({}).mode).toBe('rehearsal');
    expect(readStart({ BOT_APP_ID: ids.bot }).mode).toBe('production');
    expect(readStart({ BOT_APP_ID: ids.bot, SWITCHYARD_REHEARSAL_URL: 'http://127.0.0.1:3979' }).mode).toBe(
      'rehearsal',
    );
  });
});
