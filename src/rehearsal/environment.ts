import { resolve } from 'node:path';
import {
  BOT_APP_ID,
  BOT_TOKEN_ISSUER,
  HOME_TENANT,
  SIGN_IN_APP_ID,
  WORKER_APP_ID,
} from './entra/rehearsal-identity.ts';
import { cloudUrl, type World } from './world.ts';

const REQUESTERS = ['11111111-0000-4000-8000-000000000001', '11111111-0000-4000-8000-000000000002'];
const APPROVERS = ['11111111-0000-4000-8000-000000000011', '11111111-0000-4000-8000-000000000012'];

/** The variables with which a bot is set up to work against this rehearsal. */
export function environmentOf(world: World, caFile: string): Record<string, string> {
  const cloud = cloudUrl(world);
  const tenants = [...world.tenants.values()].map(({ id, name, initialDomain }) => ({ id, name, initialDomain }));
  return {
    BOT_APP_ID,
    BOT_TENANT_ID: HOME_TENANT,
    BOT_APP_SECRET: world.identity.keys.botSecret,
    BOT_OPENID_METADATA_URL: `${cloud}/botframework/openidconfiguration`,
    BOT_TOKEN_ISSUER,
    BOT_SERVICE_HOSTS: `127.0.0.1:${world.ports.https}`,
    ENTRA_AUTHORITY: cloud,
    ENTRA_CONSENT_URL: `http://127.0.0.1:${world.ports.http}/entra`,
    HOME_DIRECTORY: 'graph',
    SIGN_IN_APP_ID,
    SIGN_IN_APP_SECRET: world.identity.keys.signInSecret,
    SIGN_IN_AUTH_CONTEXT: 'c1',
    WORKER_APP_ID,
    WORKER_APP_SECRET: world.identity.keys.workerSecret,
    EXCHANGE_BASE_URL: cloud,
    EXCHANGE_SCOPE: 'https://outlook.office365.com/.default',
    COMPLIANCE_BASE_URL: `https://127.0.0.1:${world.ports.compliance}`,
    COMPLIANCE_SCOPE: 'https://ps.compliance.protection.outlook.com/.default',
    GRAPH_BASE_URL: cloud,
    GRAPH_SCOPE: 'https://graph.microsoft.com/.default',
    DNS_RESOLVERS: world.ports.dns.map((port) => `127.0.0.1:${port}`).join(','),
    SMTP_PORT: String(world.ports.smtp),
    SMTP_EGRESS_ADDRESSES: world.smtp.publicAddress('127.0.0.1'),
    SMTP_ALLOW_LOOPBACK: 'true',
    EXTRA_CA_FILE: resolve(caFile),
    TENANTS: JSON.stringify(tenants),
    REQUESTERS: REQUESTERS.join(','),
    APPROVERS: APPROVERS.join(','),
    // One approver is enough to tell the whole story.
    HIGH_RISK_APPROVAL: 'click',
    OPERATOR_CONVERSATION: '19:alerts@thread.tacv2',
    REHEARSAL_SPEED: String(world.clock.speed),
  };
}
