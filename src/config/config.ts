import { type Cloud, cloudNames, clouds, type Service } from './clouds.ts';
import { ConfigError } from './config-error.ts';
import type { Environment } from './env.ts';
import { readTenants, type TenantConfig } from './tenants.ts';
import { Variables } from './variables.ts';

const secretWarning =
  'The worker registration proves itself with a client secret, which can be copied and used from anywhere. ' +
  'Set WORKER_MANAGED_IDENTITY or WORKER_CERTIFICATE_FILE instead.';
const logLevels = ['info', 'trace', 'debug', 'warn', 'error', 'fatal'] as const;

/** Against a simulated cloud, or against the real one. */
export type Mode = 'rehearsal' | 'production';

/** How Switchyard is set up. Holds no secret, so it may be shown. */
export interface Config {
  readonly mode: Mode;
  readonly http: { readonly host: string; readonly port: number };
  readonly dataFolder: string;
  /** Key for audit checkpoints; null makes one in the data folder. */
  readonly auditSigningKeyFile: string | null;
  readonly log: { readonly level: (typeof logLevels)[number] };
  /** `url` is the rehearsal to attach to; null starts one on `port`. */
  readonly rehearsal: { readonly url: string | null; readonly port: number; readonly speed: number };
  /** Orders at which point this process ends itself, for tests of survival; null everywhere else. */
  readonly failpointFile: string | null;
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
  readonly worker: { readonly appId: string; readonly proof: WorkerProofKind };
  readonly exchange: Service;
  /** Exchange's sister service for alert policies. */
  readonly compliance: Service;
  readonly graph: Service;
  /** Where administrators reach this bot; null when nobody said. Without a trailing slash. */
  readonly publicUrl: string | null;
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
  /** What works and should not stay so, each a sentence. */
  readonly warnings: readonly string[];
}

/** With what the worker registration proves itself. A secret is in {@link Secrets}. */
export type WorkerProofKind =
  | { readonly kind: 'managed-identity'; readonly clientId: string; readonly audience: string }
  | { readonly kind: 'certificate'; readonly file: string }
  | { readonly kind: 'secret' };

/** What must never be shown or logged. */
export interface Secrets {
  readonly botAppSecret: string;
  /** Empty when the worker proves itself otherwise. */
  readonly workerAppSecret: string;
  /** Contains the password of the database user; null uses the embedded database. */
  readonly databaseUrl: string | null;
}

/** Turns the environment into a configuration; throws one ConfigError that lists every fault. */
export function readConfig(environment: Environment, mode: Mode): { config: Config; secrets: Secrets } {
  const variables = new Variables(environment);
  const worker = { appId: variables.guid('WORKER_APP_ID'), proof: readWorkerProof(variables) };
  const config: Config = {
    mode,
    ...readLocal(variables),
    ...readBot(variables),
    ...readCloud(variables, mode),
    worker,
    publicUrl: readPublicUrl(variables, mode),
    ...readOutside(variables),
    ...readPeople(variables),
    warnings: worker.proof.kind === 'secret' && mode === 'production' ? [secretWarning] : [],
  };
  const secrets = readSecrets(variables);
  forbid(variables, config);
  if (variables.faults.length > 0) throw new ConfigError(variables.faults);
  return { config, secrets };
}

/** What is needed before the rest of the environment is known: the rehearsal delivers it in rehearsal mode. */
export function readStart(
  environment: Environment,
): Pick<Config, 'mode' | 'http' | 'dataFolder' | 'auditSigningKeyFile' | 'log' | 'rehearsal' | 'failpointFile'> {
  const variables = new Variables(environment);
  const isProduction = variables.text('BOT_APP_ID') !== '' && variables.text('SWITCHYARD_REHEARSAL_URL') === '';
  const start = { mode: isProduction ? ('production' as const) : ('rehearsal' as const), ...readLocal(variables) };
  if (variables.faults.length > 0) throw new ConfigError(variables.faults);
  return start;
}

/** Where the database is: all that is needed to read what is stored. */
export function readStorage(environment: Environment): Pick<Config, 'dataFolder'> & Pick<Secrets, 'databaseUrl'> {
  const variables = new Variables(environment);
  const storage = { dataFolder: variables.text('SWITCHYARD_DATA'), databaseUrl: readDatabaseUrl(variables) };
  if (variables.faults.length > 0) throw new ConfigError(variables.faults);
  return storage;
}

/** The customer tenants alone: in rehearsal more of them appear while we run. */
export function readTenantsOf(environment: Environment): Config['tenants'] {
  const variables = new Variables(environment);
  const tenants = readTenants(variables);
  if (variables.faults.length > 0) throw new ConfigError(variables.faults);
  return tenants;
}

function readLocal(
  variables: Variables,
): Pick<Config, 'http' | 'dataFolder' | 'auditSigningKeyFile' | 'log' | 'rehearsal' | 'failpointFile'> {
  return {
    http: { host: variables.text('HOST'), port: variables.integer('PORT', 0, 65_535) },
    dataFolder: variables.text('SWITCHYARD_DATA'),
    auditSigningKeyFile: variables.optional('AUDIT_SIGNING_KEY_FILE'),
    log: { level: variables.choice('LOG_LEVEL', logLevels) },
    rehearsal: {
      url: variables.localUrl('SWITCHYARD_REHEARSAL_URL'),
      port: variables.integer('REHEARSAL_PORT', 0, 65_530),
      speed: variables.positive('REHEARSAL_SPEED'),
    },
    failpointFile: variables.optional('SWITCHYARD_FAILPOINT'),
  };
}

function readBot(variables: Variables): Pick<Config, 'bot' | 'extraCaFile'> {
  return {
    bot: {
      appId: variables.guid('BOT_APP_ID'),
      tenantId: variables.guid('BOT_TENANT_ID'),
      openIdMetadataUrl: variables.httpsUrl('BOT_OPENID_METADATA_URL'),
      tokenIssuer: variables.httpsUrl('BOT_TOKEN_ISSUER'),
      serviceHosts: variables.hosts('BOT_SERVICE_HOSTS'),
    },
    extraCaFile: variables.optional('EXTRA_CA_FILE'),
  };
}

function readCloud(variables: Variables, mode: Mode): Pick<Config, 'entra' | 'exchange' | 'compliance' | 'graph'> {
  const cloud = cloudOf(variables);
  const exchange = {
    baseUrl: variables.httpsUrl('EXCHANGE_BASE_URL', cloud.exchange.baseUrl),
    scope: variables.text('EXCHANGE_SCOPE') || cloud.exchange.scope,
  };
  // A rehearsal must never reach the real cloud, also where it does not say where its own is.
  const usual = (service: Service): string => (mode === 'rehearsal' ? exchange.baseUrl : service.baseUrl);
  return {
    entra: { authority: variables.httpsUrl('ENTRA_AUTHORITY', cloud.authority) },
    exchange,
    compliance: {
      baseUrl: variables.httpsUrl('COMPLIANCE_BASE_URL', usual(cloud.compliance)),
      scope: variables.text('COMPLIANCE_SCOPE') || cloud.compliance.scope,
    },
    graph: {
      baseUrl: variables.httpsUrl('GRAPH_BASE_URL', usual(cloud.graph)),
      scope: variables.text('GRAPH_SCOPE') || cloud.graph.scope,
    },
  };
}

function cloudOf(variables: Variables): Cloud {
  return clouds[variables.choice('MICROSOFT_CLOUD', cloudNames)];
}

/** Exactly one of three: two would leave open which of them is used and which may be withdrawn. */
function readWorkerProof(variables: Variables): WorkerProofKind {
  const names = ['WORKER_MANAGED_IDENTITY', 'WORKER_CERTIFICATE_FILE', 'WORKER_APP_SECRET'] as const;
  const given = names.filter((name) => variables.text(name) !== '');
  if (given.length === 0)
    variables.fault('WORKER_APP_SECRET', `is missing, as are ${names.slice(0, 2).join(' and ')}.`);
  if (given.length > 1) variables.fault(given[1] ?? names[1], `must not be set beside ${given[0]}: choose one.`);
  const file = variables.optional('WORKER_CERTIFICATE_FILE');
  if (given[0] === 'WORKER_MANAGED_IDENTITY') {
    const { federationAudience } = cloudOf(variables);
    return {
      kind: 'managed-identity',
      clientId: variables.guid('WORKER_MANAGED_IDENTITY'),
      audience: federationAudience,
    };
  }
  return file === null ? { kind: 'secret' } : { kind: 'certificate', file };
}

/** In rehearsal the administrator's browser is on this machine, so plain http is as good. */
function readPublicUrl(variables: Variables, mode: Mode): string | null {
  const text = variables.optional('PUBLIC_URL');
  if (text === null) return null;
  return mode === 'rehearsal' && text.startsWith('http://')
    ? variables.localUrl('PUBLIC_URL')
    : variables.httpsUrl('PUBLIC_URL');
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
  return {
    botAppSecret: variables.secret('BOT_APP_SECRET'),
    workerAppSecret: variables.text('WORKER_APP_SECRET'),
    databaseUrl: readDatabaseUrl(variables),
  };
}

function readDatabaseUrl(variables: Variables): string | null {
  const databaseUrl = variables.optional('DATABASE_URL');
  if (databaseUrl !== null && !/^postgres(ql)?:$/u.test(URL.parse(databaseUrl)?.protocol ?? '')) {
    variables.fault('DATABASE_URL', 'must start with postgres:// or postgresql://.');
  }
  return databaseUrl;
}

/** Settings that are each fine and dangerous where they stand. */
function forbid(variables: Variables, config: Config): void {
  if (variables.text('AZURE_IDENTITY_DISABLE_MULTITENANTAUTH') !== '') {
    variables.fault(
      'AZURE_IDENTITY_DISABLE_MULTITENANTAUTH',
      'must be unset: tokens would come from the wrong tenant.',
    );
  }
  for (const [name, { scope }] of [
    ['EXCHANGE_SCOPE', config.exchange],
    ['COMPLIANCE_SCOPE', config.compliance],
    ['GRAPH_SCOPE', config.graph],
  ] as const) {
    if (!scope.endsWith('/.default')) variables.fault(name, 'must end in /.default.');
  }
  if (config.roles.requesters.length === 0) variables.fault('REQUESTERS', 'must name at least one person.');
  if (config.roles.approvers.length === 0) {
    variables.fault('APPROVERS', 'must name at least one person: nothing could ever be approved.');
  }
  if (config.mode === 'rehearsal') return;
  if (config.failpointFile !== null) variables.fault('SWITCHYARD_FAILPOINT', 'may only be set in rehearsal.');
  if (config.smtp.allowLoopback) variables.fault('SMTP_ALLOW_LOOPBACK', 'may only be true in rehearsal.');
  if (config.worker.appId !== '' && config.worker.appId === config.bot.appId) {
    variables.fault('WORKER_APP_ID', 'must not be the same registration as BOT_APP_ID.');
  }
}
