/** One variable that Switchyard reads from its environment. */
export interface EnvironmentVariable {
  readonly name: string;
  /** What holds when the variable is missing or empty; '' when there is no such value. */
  readonly usual: string;
  readonly meaning: string;
}

/** Every variable, once. `.env.sample` and the README's table are checked against this list. */
export const environmentVariables = [
  // Where the bot listens and keeps its data.
  { name: 'PORT', usual: '3978', meaning: 'Port of the bot. 0 takes a free one.' },
  { name: 'HOST', usual: '127.0.0.1', meaning: 'Address the bot listens on.' },
  {
    name: 'SWITCHYARD_DATA',
    usual: '.switchyard',
    meaning: 'Folder for the embedded database and for generated keys.',
  },
  { name: 'DATABASE_URL', usual: '', meaning: 'PostgreSQL to use instead of the embedded one. Secret.' },
  {
    name: 'DATABASE_OWNER_URL',
    usual: '',
    meaning:
      'The same database as the owner of its tables, so that DATABASE_URL can name a role with fewer rights. Secret.',
  },
  {
    name: 'AUDIT_SIGNING_KEY_FILE',
    usual: '',
    meaning: 'PEM file with the Ed25519 key that signs audit checkpoints. Left out, one is made in the data folder.',
  },
  { name: 'LOG_LEVEL', usual: 'info', meaning: 'trace, debug, info, warn, error or fatal.' },

  // The rehearsal: a simulated cloud on this machine, used when BOT_APP_ID is not set.
  { name: 'SWITCHYARD_REHEARSAL_URL', usual: '', meaning: 'A running rehearsal to attach to instead of starting one.' },
  { name: 'REHEARSAL_PORT', usual: '3979', meaning: 'Port of the rehearsal; it also takes the ports after it.' },
  { name: 'REHEARSAL_SPEED', usual: '10', meaning: 'Virtual seconds per real second in rehearsal.' },
  {
    name: 'REHEARSAL_SWITCHES',
    usual: '',
    meaning: 'JSON object of switches that every simulated organisation begins with, such as {"roleSeconds":0}.',
  },
  {
    name: 'SWITCHYARD_FAILPOINT',
    usual: '',
    meaning: 'File with orders at which point the bot ends itself, for npm run chaos. Refused outside rehearsal.',
  },

  // The bot's own registration, with which it talks to Teams.
  { name: 'BOT_APP_ID', usual: '', meaning: "Application id of the bot's registration." },
  { name: 'BOT_TENANT_ID', usual: '', meaning: 'Id of the home tenant: where the bot and its users live.' },
  { name: 'BOT_APP_SECRET', usual: '', meaning: "Client secret of the bot's registration. Secret." },
  {
    name: 'BOT_OPENID_METADATA_URL',
    usual: 'https://login.botframework.com/v1/.well-known/openidconfiguration',
    meaning: 'Where the keys are published that sign what Teams sends.',
  },
  {
    name: 'BOT_TOKEN_ISSUER',
    usual: 'https://api.botframework.com',
    meaning: 'The only issuer accepted in those tokens.',
  },
  {
    name: 'BOT_SERVICE_HOSTS',
    usual: 'smba.trafficmanager.net',
    meaning: 'Hosts (host or host:port, comma list) the bot may send messages to; https only.',
  },

  // Microsoft's cloud: MICROSOFT_CLOUD gives the addresses, each of which can be overridden.
  {
    name: 'MICROSOFT_CLOUD',
    usual: 'worldwide',
    meaning: 'worldwide, gcc, gcc-high or dod: where tokens, cmdlets and directory calls go.',
  },
  { name: 'ENTRA_AUTHORITY', usual: '', meaning: "Where tokens come from. Left out, the cloud's own." },
  { name: 'ENTRA_CONSENT_URL', usual: '', meaning: 'Where administrators consent. Left out, ENTRA_AUTHORITY.' },
  { name: 'EXCHANGE_BASE_URL', usual: '', meaning: "Where cmdlets are sent. Left out, the cloud's own." },
  {
    name: 'EXCHANGE_SCOPE',
    usual: '',
    meaning: "Scope of the tokens cmdlets are sent with. Left out, the cloud's own.",
  },
  {
    name: 'COMPLIANCE_BASE_URL',
    usual: '',
    meaning: "Where cmdlets for alert policies are sent. Left out, the cloud's own.",
  },
  {
    name: 'COMPLIANCE_SCOPE',
    usual: '',
    meaning: "Scope of the tokens for alert policies. Left out, the cloud's own.",
  },
  { name: 'GRAPH_BASE_URL', usual: '', meaning: "Microsoft Graph, without a version. Left out, the cloud's own." },
  { name: 'GRAPH_SCOPE', usual: '', meaning: "Scope of the tokens for Graph. Left out, the cloud's own." },

  // The worker's registration, with which tenants are changed.
  {
    name: 'WORKER_APP_ID',
    usual: '',
    meaning: 'Application id that customer tenants consent to. Not the same as the bot.',
  },
  {
    name: 'WORKER_MANAGED_IDENTITY',
    usual: '',
    meaning: 'Client id of the managed identity that the worker trusts: the best way to prove itself.',
  },
  {
    name: 'WORKER_CERTIFICATE_FILE',
    usual: '',
    meaning: "PEM file with certificate and private key of the worker's registration: the second best way.",
  },
  {
    name: 'WORKER_APP_SECRET',
    usual: '',
    meaning: "Client secret of the worker's registration: works, with a warning. Secret.",
  },
  {
    name: 'PUBLIC_URL',
    usual: '',
    meaning: 'https address under which administrators reach this bot after consenting; needed for consent links.',
  },
  {
    name: 'EXTRA_CA_FILE',
    usual: '',
    meaning: 'PEM file with certificate authorities to trust beside the usual ones.',
  },

  // Who people are: groups of the home tenant, and fresh sign-ins.
  {
    name: 'HOME_DIRECTORY',
    usual: 'none',
    meaning: 'graph reads groups and guests of the home tenant with the registration of the bot; none reads nobody.',
  },
  {
    name: 'SIGN_IN_APP_ID',
    usual: '',
    meaning: 'Application id of the registration approvers sign in to. Left out, nobody can prove a fresh sign-in.',
  },
  { name: 'SIGN_IN_APP_SECRET', usual: '', meaning: 'Client secret of that registration. Secret.' },
  {
    name: 'SIGN_IN_AUTH_CONTEXT',
    usual: '',
    meaning: 'Conditional Access authentication context, c1 to c99, that a fresh sign-in must meet.',
  },
  {
    name: 'CONSENT_SIGN_IN',
    usual: 'false',
    meaning: 'Whether administrators sign in to their tenant before they consent; other tenants must be let in there.',
  },

  // How the outside is looked at.
  {
    name: 'DNS_RESOLVERS',
    usual: '1.1.1.1,8.8.8.8,9.9.9.9',
    meaning: 'Independent resolvers (address or address:port, comma list) that must agree.',
  },
  { name: 'SMTP_PORT', usual: '25', meaning: 'Port mail hosts are probed on.' },
  {
    name: 'SMTP_EGRESS_ADDRESSES',
    usual: '',
    meaning: 'Public IPv4 addresses (comma list) our probes come from; needed to prove a lock-down.',
  },
  {
    name: 'SMTP_ALLOW_LOOPBACK',
    usual: 'false',
    meaning: 'Whether loopback may be probed. Refused outside rehearsal.',
  },

  // Who and what is managed.
  { name: 'TENANTS', usual: '[]', meaning: 'Customer tenants as JSON: [{"id","name","initialDomain"}].' },
  { name: 'REQUESTERS', usual: '', meaning: 'Entra object ids (comma list) of those who may request changes.' },
  { name: 'APPROVERS', usual: '', meaning: 'Entra object ids (comma list) of those who may approve them.' },
  {
    name: 'OPERATORS',
    usual: '',
    meaning:
      'Entra object ids (comma list) of those who may pause, resume, retry and stop runs. Left out, the approvers.',
  },
  {
    name: 'HIGH_RISK_APPROVAL',
    usual: 'fresh-sign-in-or-two',
    meaning: 'What approves a plan that may stop mail: click, fresh-sign-in or fresh-sign-in-or-two (approvers).',
  },
  {
    name: 'APPROVAL_POLICY_FILE',
    usual: '',
    meaning: 'JSON file with the first approval policy, instead of one made from the people above.',
  },
  {
    name: 'APPROVAL_POLICY_RESET',
    usual: '',
    meaning:
      'Version of the approval policy in force that these settings replace: the way out when nobody can approve.',
  },
  {
    name: 'OPERATOR_CONVERSATION',
    usual: '',
    meaning: 'Id of the channel that is told what concerns the operators.',
  },
  { name: 'DECIDE_WITHIN_MINUTES', usual: '240', meaning: 'Minutes after which an undecided request expires.' },
  {
    name: 'AZURE_IDENTITY_DISABLE_MULTITENANTAUTH',
    usual: '',
    meaning: 'Must stay unset: it makes tokens come from the wrong tenant, so Switchyard does not start with it.',
  },
] as const satisfies readonly EnvironmentVariable[];

export type VariableName = (typeof environmentVariables)[number]['name'];

/** Values by name; anything else in it is ignored. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The process's own environment. No other file reads it. */
export function readEnvironment(): Environment {
  return Object.fromEntries(environmentVariables.map(({ name }) => [name, process.env[name]]));
}
