import { ConfigError } from './config-error.ts';
import type { Environment } from './env.ts';
import { readTenants, type TenantConfig } from './tenants.ts';
import { Variables } from './variables.ts';

const logLevels = ['info', 'trace', 'debug', 'warn', 'error', 'fatal'] as const;

/** Against a simulated cloud, or against the real one. */
export type Mode = 'rehearsal' | 'production';

/** How Switchyard is set up. Holds no secret, so it may be shown. */
export interface Config {
  readonly mode: Mode;
  readonly http: { readonly host: string; readonly port: number };
  readonly dataFolder: string;
  readonly log: { readonly level: (typeof logLevels)[number] };
  /** `url` is the rehearsal to attach to; null starts one on `port`. */
  readonly rehearsal: { readonly url: string | null; readonly port: number; readonly speed: number };
  readonly bot: {
    readonly appId: string;
    /** The home tenant. */
    readonly tenantId: string;
    readonly openIdMetadataUrl: string;
    readonly tokenIssuer: string;
    /** `host` or `host:port`, lower case. */
    readonly serviceHosts: readonly string[];
  };
  readonly entra: { readonly authority: string };
  readonly worker: { readonly appId: string };
  readonly exchange: { readonly baseUrl: string; readonly scope: string };
  readonly extraCaFile: string | null;
  /** Resolvers as `address:port`. */
  readonly dns: { readonly resolvers: readonly string[] };
  readonly smtp: {
    readonly port: number;
    readonly egressAddresses: readonly string[];
    readonly allowLoopback: boolean;
  };
  readonly tenants: readonly TenantConfig[];
  /** Entra object ids in the home tenant. */
  readonly roles: { readonly requesters: readonly string[]; readonly approvers: readonly string[] };
  readonly operatorConversation: string | null;
  readonly decideWithinMinutes: number;
}

/** What must never be shown or logged. */
export interface Secrets {
  readonly botAppSecret: string;
  readonly workerAppSecret: string;
  /** Contains the password of the database user; null uses the embedded database. */
  readonly databaseUrl: string | null;
}

/** Turns the environment into a configuration; throws one ConfigError that lists every fault. */
export function readConfig(environment: Environment, mode: Mode): { config: Config; secrets: Secrets } {
  const variables = new Variables(environment);
  const config: Config = {
    mode,
    ...readLocal(variables),
    ...readRegistrations(variables),
    ...readOutside(variables),
    ...readPeople(variables),
  };
  const secrets = readSecrets(variables);
  forbid(variables, config);
  if (variables.faults.length > 0) throw new ConfigError(variables.faults);
  return { config, secrets };
}

/** What is needed before the rest of the environment is known: the rehearsal delivers it in rehearsal mode. */
export function readStart(
  environment: Environment,
): Pick<Config, 'mode' | 'http' | 'dataFolder' | 'log' | 'rehearsal'> {
  const variables = new Variables(environment);
  const isProduction = variables.text('BOT_APP_ID') !== '' && variables.text('SWITCHYARD_REHEARSAL_URL') === '';
  const start = { mode: isProduction ? ('production' as const) : ('rehearsal' as const), ...readLocal(variables) };
  if (variables.faults.length > 0) throw new ConfigError(variables.faults);
  return start;
}

/** The customer tenants alone: in rehearsal more of them appear while we run. */
export function readTenantsOf(environment: Environment): Config['tenants'] {
  const variables = new Variables(environment);
  const tenants = readTenants(variables);
  if (variables.faults.length > 0) throw new ConfigError(variables.faults);
  return tenants;
}

function readLocal(variables: Variables): Pick<Config, 'http' | 'dataFolder' | 'log' | 'rehearsal'> {
  return {
    http: { host: variables.text('HOST'), port: variables.integer('PORT', 0, 65_535) },
    dataFolder: variables.text('SWITCHYARD_DATA'),
    log: { level: variables.choice('LOG_LEVEL', logLevels) },
    rehearsal: {
      url: variables.localUrl('SWITCHYARD_REHEARSAL_URL'),
      port: variables.integer('REHEARSAL_PORT', 0, 65_530),
      speed: variables.positive('REHEARSAL_SPEED'),
    },
  };
}

function readRegistrations(
  variables: Variables,
): Pick<Config, 'bot' | 'entra' | 'worker' | 'exchange' | 'extraCaFile'> {
  return {
    bot: {
      appId: variables.guid('BOT_APP_ID'),
      tenantId: variables.guid('BOT_TENANT_ID'),
      openIdMetadataUrl: variables.httpsUrl('BOT_OPENID_METADATA_URL'),
      tokenIssuer: variables.httpsUrl('BOT_TOKEN_ISSUER'),
      serviceHosts: variables.hosts('BOT_SERVICE_HOSTS'),
    },
    entra: { authority: variables.httpsUrl('ENTRA_AUTHORITY') },
    worker: { appId: variables.guid('WORKER_APP_ID') },
    exchange: { baseUrl: variables.httpsUrl('EXCHANGE_BASE_URL'), scope: variables.text('EXCHANGE_SCOPE') },
    extraCaFile: variables.optional('EXTRA_CA_FILE'),
  };
}

function readOutside(variables: Variables): Pick<Config, 'dns' | 'smtp'> {
  return {
    dns: { resolvers: variables.resolvers('DNS_RESOLVERS') },
    smtp: {
      port: variables.integer('SMTP_PORT', 1, 65_535),
      egressAddresses: variables.ipv4s('SMTP_EGRESS_ADDRESSES'),
      allowLoopback: variables.flag('SMTP_ALLOW_LOOPBACK'),
    },
  };
}

function readPeople(
  variables: Variables,
): Pick<Config, 'tenants' | 'roles' | 'operatorConversation' | 'decideWithinMinutes'> {
  return {
    tenants: readTenants(variables),
    roles: { requesters: variables.guids('REQUESTERS'), approvers: variables.guids('APPROVERS') },
    operatorConversation: variables.optional('OPERATOR_CONVERSATION'),
    decideWithinMinutes: variables.integer('DECIDE_WITHIN_MINUTES', 1, 43_200),
  };
}

function readSecrets(variables: Variables): Secrets {
  const databaseUrl = variables.optional('DATABASE_URL');
  if (databaseUrl !== null && !/^postgres(ql)?:$/u.test(URL.parse(databaseUrl)?.protocol ?? '')) {
    variables.fault('DATABASE_URL', 'must start with postgres:// or postgresql://.');
  }
  return {
    botAppSecret: variables.secret('BOT_APP_SECRET'),
    workerAppSecret: variables.secret('WORKER_APP_SECRET'),
    databaseUrl,
  };
}

/** Settings that are each fine and dangerous where they stand. */
function forbid(variables: Variables, config: Config): void {
  if (variables.text('AZURE_IDENTITY_DISABLE_MULTITENANTAUTH') !== '') {
    variables.fault(
      'AZURE_IDENTITY_DISABLE_MULTITENANTAUTH',
      'must be unset: tokens would come from the wrong tenant.',
    );
  }
  if (!config.exchange.scope.endsWith('/.default')) variables.fault('EXCHANGE_SCOPE', 'must end in /.default.');
  if (config.roles.requesters.length === 0) variables.fault('REQUESTERS', 'must name at least one person.');
  if (config.roles.approvers.length === 0) {
    variables.fault('APPROVERS', 'must name at least one person: nothing could ever be approved.');
  }
  if (config.mode === 'rehearsal') return;
  if (config.smtp.allowLoopback) variables.fault('SMTP_ALLOW_LOOPBACK', 'may only be true in rehearsal.');
  if (config.worker.appId !== '' && config.worker.appId === config.bot.appId) {
    variables.fault('WORKER_APP_ID', 'must not be the same registration as BOT_APP_ID.');
  }
}
