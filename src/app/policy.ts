import { readFile } from 'node:fs/promises';
import type { Config } from '../config/config.ts';
import { ConfigError } from '../config/config-error.ts';
import { approvalPolicySchema, type PolicyDocument, policyVersionOf } from '../core/policy/approval-policy.ts';
import { policyFaults } from '../core/policy/policy-faults.ts';
import type { PolicyRecord, PolicyStore } from '../core/policy/policy-store.ts';
import type { RoleSource } from '../core/policy/role-source.ts';
import type { AuditEntry } from '../core/store.ts';
import { configurationDoubtful } from '../telemetry/events.ts';
import type { AppOptions } from './app-options.ts';
import { homeRoles } from './home-roles.ts';
import type { Stores } from './stores.ts';

/**
 * Makes the first approval policy from the configuration, where there is none yet, and gives the source of roles that
 * follows from the one in force. From then on it is changed by requests alone.
 */
export async function openPolicy(options: AppOptions, { policies, people }: Stores): Promise<RoleSource> {
  const { config, log } = options;
  const configured = await firstPolicy(config);
  if (!(await policies.begin(configured, policyEntry('policy-begun', config, { to: policyVersionOf(configured) })))) {
    const warning = await settle(policies, configured, config);
    if (warning) configurationDoubtful(log, { warning });
  }
  const roles = homeRoles(options, policies, people);
  const unusable = whatIsUnusable(await policies.latest(), roles);
  if (unusable) configurationDoubtful(log, { warning: unusable });
  return roles;
}

/** What nobody could approve under the policy in force, as sentences; null when all of it can be used. */
export function whatIsUnusable(
  { version, document }: Pick<PolicyRecord, 'version' | 'document'>,
  { offersSignIn }: Pick<RoleSource, 'offersSignIn'>,
): string | null {
  const faults = policyFaults(document, offersSignIn);
  if (faults.length === 0) return null;
  return `The approval policy in force (${version}) cannot be used as it is. ${faults.join(' ')} Type “change policy” in chat, or see APPROVAL_POLICY_RESET.`;
}

/** What the configuration says is not in force, unless it names the version that it is to replace. */
export async function settle(
  policies: Pick<PolicyStore, 'latest' | 'knows' | 'reset'>,
  configured: PolicyDocument,
  { bot, approvalPolicyReset }: Pick<Config, 'bot' | 'approvalPolicyReset'>,
): Promise<string | null> {
  const { number, version } = await policies.latest();
  const replacement = policyVersionOf(configured);
  if (version === replacement) return null;
  if (version !== approvalPolicyReset) {
    const ignored = 'Who requests and approves is configured differently from every approval policy there has been.';
    const hint = `The one in force (${version}) stays: type “change policy” in chat, or see APPROVAL_POLICY_RESET.`;
    return (await policies.knows(replacement)) ? null : `${ignored} ${hint}`;
  }
  const entry = policyEntry('policy-reset', { bot }, { from: version, to: replacement });
  const isReset = await policies.reset(number, configured, entry);
  if (!isReset) return null;
  return `APPROVAL_POLICY_RESET has put the configured approval policy (${replacement}) in the place of ${version}. Unset it.`;
}

/** What the configuration does to the policy is nobody's doing, and on record all the same. */
function policyEntry(
  action: 'policy-begun' | 'policy-reset',
  { bot }: Pick<Config, 'bot'>,
  detail: AuditEntry['detail'],
): AuditEntry {
  const target = { kind: 'ApprovalPolicy', identity: 'in force' };
  const { tenantId } = bot;
  return { action, requestId: 'approval-policy', tenantId, actor: null, outcome: 'accepted', target, detail };
}

/** What the first policy is made of. */
type PolicyConfig = Pick<Config, 'roles' | 'highRiskApproval' | 'decideWithinMinutes' | 'approvalPolicyFile'>;

/** The approval policy as the configuration describes it. Throws `ConfigError` that lists what is wrong with its file. */
export async function firstPolicy(config: PolicyConfig): Promise<PolicyDocument> {
  const { approvalPolicyFile: file } = config;
  if (file === null) return fromRoles(config);
  const document = parsePolicy(await textOf(file), file);
  const faults = policyFaults(document);
  if (faults.length > 0) throw new ConfigError(faults.map((fault) => `APPROVAL_POLICY_FILE ${file}: ${fault}`));
  return document;
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : 'it cannot be read';
    throw new ConfigError([`APPROVAL_POLICY_FILE cannot be read: ${why}.`]);
  }
}

function parsePolicy(text: string, file: string): PolicyDocument {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unreadable';
    throw new ConfigError([`APPROVAL_POLICY_FILE ${file} is not JSON: ${why}.`]);
  }
  const parsed = approvalPolicySchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`);
  throw new ConfigError(faults.map((fault) => `APPROVAL_POLICY_FILE ${file}: ${fault}`));
}

/** One ring of approvers, of whom one is enough unless mail may stop. */
function fromRoles({ roles, highRiskApproval, decideWithinMinutes }: PolicyConfig): PolicyDocument {
  const { requesters, operators, approvers } = roles;
  const rule = { rings: ['approvers'], quorum: 1, proofOfPerson: 'click', inChangeWindow: false };
  return approvalPolicySchema.parse({
    requesters: { people: requesters },
    operators: { people: operators },
    rings: { approvers: { people: approvers } },
    rules: { none: rule, normal: rule, high: { ...rule, proofOfPerson: highRiskApproval } },
    decideWithinMinutes,
    startWithinMinutes: 240,
    remindBeforeMinutes: [60, 15].filter((minutes) => minutes < decideWithinMinutes),
    quietHours: null,
    changeWindows: [],
    freezes: [],
    breakGlass: null,
    owners: {},
  });
}
