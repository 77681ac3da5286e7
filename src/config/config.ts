import type { Service } from './clouds.ts';
import { ConfigError } from './config-error.ts';
import type { Environment } from './env.ts';
import { readCloud, readWorkerProof, type WorkerProofKind } from './microsoft.ts';
import {
  forbidSharedSignIn,
  type HomeDirectory,
  readConsentSignIn,
  readHomeDirectory,
  readSignIn,
  readSignInSecret,
  type SignInConfig,
} from './sign-in.ts';
import { readTenants, type TenantConfig } from './tenants.ts';
import { Variables } from './variables.ts';

const secretWarning =
  'The worker registration proves itself with a client secret, which can be copied and used from anywhere. ' +
  'Set WORKER_MANAGED_IDENTITY or WORKER_CERTIFICATE_FILE instead.';
const proofsOfPerson = ['fresh-sign-in-or-two', 'fresh-sign-in', 'click'] as const;
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
  /** `consentUrl` is where administrators' browsers are sent, in front of the tenant id. */
  readonly entra: { readonly authority: string; readonly consentUrl: string };
  readonly worker: { readonly appId: string; readonly proof: WorkerProofKind };
  /** Null when nobody can prove a fresh sign-in here. */
  readonly signIn: SignInConfig | null;
  /** Whether administrators of customers sign in to their tenant before they consent. */
  readonly consentNeedsSignIn: boolean;
  /** How people and groups of the home tenant are read. */
  readonly homeDirectory: HomeDirectory;
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
  readonly roles: {
    readonly requesters: readonly string[];
    readonly approvers: readonly string[];
    readonly operators: readonly string[];
  };
  /** What the first approval policy asks of an approver where mail may stop. */
  readonly highRiskApproval: (typeof proofsOfPerson)[number];
  /** A first approval policy, written out, instead of one made from the roles; null when there is none. */
  readonly approvalPolicyFile: string | null;
  /** Version of the approval policy in force that the configured one replaces at the start; null leaves it. */
  readonly approvalPolicyReset: string | null;
  readonly operatorConversation: string | null;
  readonly decideWithinMinutes: number;
  /** What works and should not stay so, each a sentence. */
  readonly warnings: readonly string[];
}

/** What must never be shown or logged. */
export interface Secrets {
  readonly botAppSecret: string;
  /** Empty when the worker proves itself otherwise. */
  readonly workerAppSecret: string;
  /** Empty when nobody signs in here. */
  readonly signInAppSecret: string;
  /** Contains the password of the database user; null uses the embedded database. */
  readonly databaseUrl: string | null;
  /** The same database as the owner of its tables; null when the role above owns them. */
  readonly databaseOwnerUrl: string | null;
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
    signIn: readSignIn(variables),
    consentNeedsSignIn: readConsentSignIn(variables),
    homeDirectory: readHomeDirectory(variables),
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
export function readStorage(
  environment: Environment,
): Pick<Config, 'dataFolder' | 'auditSigningKeyFile'> & Pick<Secrets, 'databaseUrl'> {
  const variables = new Variables(environment);
  const storage = {
    dataFolder: variables.text('SWITCHYARD_DATA'),
    auditSigningKeyFile: variables.optional('AUDIT_SIGNING_KEY_FILE'),
    databaseUrl: readDatabaseUrl(variables, 'DATABASE_URL'),
  };
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
): Pick<
  Config,
  | 'tenants'
  | 'roles'
  | 'highRiskApproval'
  | 'approvalPolicyFile'
  | 'approvalPolicyReset'
  | 'operatorConversation'
  | 'decideWithinMinutes'
> {
  const approvers = variables.guids('APPROVERS');
  const operators = variables.guids('OPERATORS');
  return {
    tenants: readTenants(variables),
    roles: {
      requesters: variables.guids('REQUESTERS'),
      approvers,
      operators: operators.length > 0 ? operators : approvers,
    },
    highRiskApproval: variables.choice('HIGH_RISK_APPROVAL', proofsOfPerson),
    approvalPolicyFile: variables.optional('APPROVAL_POLICY_FILE'),
    approvalPolicyReset: variables.optional('APPROVAL_POLICY_RESET'),
    operatorConversation: variables.optional('OPERATOR_CONVERSATION'),
    decideWithinMinutes: variables.integer('DECIDE_WITHIN_MINUTES', 1, 43_200),
  };
}

function readSecrets(variables: Variables): Secrets {
  return {
    botAppSecret: variables.secret('BOT_APP_SECRET'),
    workerAppSecret: variables.text('WORKER_APP_SECRET'),
    signInAppSecret: readSignInSecret(variables),
    databaseUrl: readDatabaseUrl(variables, 'DATABASE_URL'),
    databaseOwnerUrl: readDatabaseUrl(variables, 'DATABASE_OWNER_URL'),
  };
}

function readDatabaseUrl(variables: Variables, name: 'DATABASE_URL' | 'DATABASE_OWNER_URL'): string | null {
  const url = variables.optional(name);
  if (url !== null && !/^postgres(ql)?:$/u.test(URL.parse(url)?.protocol ?? '')) {
    variables.fault(name, 'must start with postgres:// or postgresql://.');
  }
  return url;
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
  if (config.approvalPolicyFile === null) insistOnPeople(variables, config.roles);
  forbidSharedSignIn(variables, config);
  if (config.mode === 'rehearsal') return;
  if (config.failpointFile !== null) variables.fault('SWITCHYARD_FAILPOINT', 'may only be set in rehearsal.');
  if (config.smtp.allowLoopback) variables.fault('SMTP_ALLOW_LOOPBACK', 'may only be true in rehearsal.');
  if (config.worker.appId !== '' && config.worker.appId === config.bot.appId) {
    variables.fault('WORKER_APP_ID', 'must not be the same registration as BOT_APP_ID.');
  }
}

/** A policy that is written out names its people itself. */
function insistOnPeople(variables: Variables, { requesters, approvers }: Config['roles']): void {
  if (requesters.length === 0) variables.fault('REQUESTERS', 'must name at least one person.');
  if (approvers.length === 0) {
    variables.fault('APPROVERS', 'must name at least one person: nothing could ever be approved.');
  }
}
