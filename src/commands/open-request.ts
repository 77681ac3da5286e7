import { debtOf } from '../core/break-glass.ts';
import type { Card } from '../core/card.ts';
import { newNonce } from '../core/gate.ts';
import { canonicalJson, type JsonObject } from '../core/json.ts';
import type { Actor } from '../core/person.ts';
import { tooFewApprovers } from '../core/policy/too-few-approvers.ts';
import { type Outcome, openRequest, openStates, type ProvisioningRequest, requestIdFrom } from '../core/request.ts';
import { runAhead } from '../core/run-ahead.ts';
import { sourceOf } from '../core/source-of.ts';
import { unreviewedOf } from '../core/unreviewed.ts';
import type { Workflow } from '../core/workflow.ts';
import { lookAlikes, parseDomainName } from '../mail/domain-name.ts';
import { findGateway } from '../mail/gateways/index.ts';
import type { DomainOwner } from '../ports/tenant-directory.ts';
import type { World } from '../ports/world.ts';
import { askBackCard } from '../views/ask-back.ts';
import { errorCard } from '../views/error.ts';
import { formCard } from '../views/form.ts';
import type { Services } from './command.ts';
import { onRecord } from './on-record.ts';

/** Far more than one tenant has open at a time. */
const mostOpen = 500;

/** Somebody asks for a change: what they said, where, and a seed that stays the same when it is delivered again. */
export interface Asked {
  readonly actor: Actor;
  readonly conversation: string;
  readonly seed: string;
  readonly values: Readonly<Record<string, string>>;
  /** Whether the values come from the form, so that it comes back with what is wrong. */
  readonly filled: boolean;
}

/** Either a request was opened (or was open already), or a card says what is missing. Nothing was written to a tenant. */
export type Opened =
  | { readonly kind: 'opened' | 'existing'; readonly request: ProvisioningRequest }
  | { readonly kind: 'asked-back'; readonly card: Card };

export async function openRequestFor(services: Services, workflow: Workflow<World>, asked: Asked): Promise<Opened> {
  if (!asked.actor.roles.includes('requester')) {
    const message = 'Only a requester can ask for changes, and you are not one here.';
    await refused(services, workflow, asked, message);
    return askBack(errorCard({ code: 'not-allowed', message, next: 'An operator can add you to the requesters.' }));
  }
  const debt = await debtInTheWay(services, asked.actor);
  if (debt !== null) {
    await refused(services, workflow, asked, debt);
    return askBack(errorCard({ code: 'owes-answer', message: debt, next: '' }));
  }
  const values = withGatewayKey(asked.values);
  const unclear = (await doubtfulDomain(services, values)) ?? unclearNames(workflow, { ...asked, values });
  if (unclear) return askBack(unclear);
  const input = workflow.parse(values);
  const impossible = await nobodyToApprove(services, asked.actor);
  if (impossible) return askBack(errorCard(impossible));
  const owner = await ownerOf(services, workflow, input);
  if (owner.kind === 'unknown') return askBack(unknownDomain(domainOf(input), owner));
  const { tenant } = owner;
  const twin = await openTwin(services, workflow, tenant.id, input);
  return twin ? { kind: 'existing', request: twin } : create(services, workflow, asked, tenant, input);
}

/** Whoever started a run alone asks for nothing new until it was answered for and reviewed. */
async function debtInTheWay({ store, policies }: Services, actor: Actor): Promise<string | null> {
  const { document } = await policies.current();
  return debtOf(await unreviewedOf(store, actor, document));
}

function refused(services: Services, { id }: Workflow<World>, asked: Asked, reason: string): Promise<void> {
  return onRecord(services, asked, { action: 'requested', reason, about: { workflow: id } });
}

/** A change of Switchyard itself belongs to the home tenant, every other one to the tenant that has the domain. */
function ownerOf(services: Services, { about }: Workflow<World>, input: JsonObject): Promise<DomainOwner> {
  if (about === 'switchyard') return Promise.resolve({ kind: 'found', tenant: services.home });
  return services.tenants.ownerOf(domainOf(input));
}

/** How much the plan can hurt is not known yet: it is hopeless when nobody could approve even the least of it. */
async function nobodyToApprove({ roles, policies }: Services, requester: Actor): Promise<Outcome | null> {
  const policy = await policies.current();
  const by = { requester, editors: [] };
  const high = await tooFewApprovers(roles, policy, by, 'high');
  return high && (await tooFewApprovers(roles, policy, by, 'normal'));
}

function askBack(card: Card): Opened {
  return { kind: 'asked-back', card };
}

function domainOf({ domain }: JsonObject): string {
  return typeof domain === 'string' ? domain : '';
}

/** What a request is about while its plan is still to be made. */
function subjectOf({ domain, field }: JsonObject): string {
  return [domain, field].find((name) => typeof name === 'string') ?? '';
}

/** However the gateway was named, the request names it by its key, so that the same wish is the same request. */
function withGatewayKey(values: Asked['values']): Asked['values'] {
  const found = values['gateway'] ? findGateway(values['gateway']) : null;
  return found?.kind === 'found' ? { ...values, gateway: found.gateway.key } : values;
}

/** A name that cannot be read, or that mixes alphabets to look like another one. */
async function doubtfulDomain(services: Services, values: Asked['values']): Promise<Card | null> {
  const domain = values['domain'] ?? '';
  const parsed = domain === '' ? null : parseDomainName(domain);
  if (parsed && !parsed.ok)
    return errorCard({ code: 'invalid-input', message: parsed.reason, next: 'Type the domain again.' });
  if (!parsed?.mixedScript) return null;
  const owner = await services.tenants.ownerOf(parsed.name);
  return owner.kind === 'unknown' ? unknownDomain(domain, owner) : null;
}

/** Missing answers bring the form; a gateway that cannot be meant exactly is asked back. */
function unclearNames(workflow: Workflow<World>, { values, filled }: Asked): Card | null {
  const gateway = values['gateway'];
  const found = gateway === undefined || gateway === '' ? null : findGateway(gateway);
  if (found?.kind === 'unknown') {
    return askBackCard({ what: 'gateway', given: gateway ?? '', suggestions: found.suggestions.map(({ key }) => key) });
  }
  const missing = [
    ...workflow.form.filter(({ id, required }) => required && !values[id]).map(({ id }) => id),
    ...(workflow.missing?.(values) ?? []),
  ];
  if (missing.length === 0) return null;
  const labels = workflow.form.filter(({ id }) => missing.includes(id)).map(({ label }) => label);
  return formCard({ workflow, values, ...(filled ? { problem: `Still needed: ${labels.join('; ')}.` } : {}) });
}

function unknownDomain(domain: string, owner: Extract<DomainOwner, { kind: 'unknown' }>): Card {
  const suggestions = lookAlikes(domain, owner.known);
  if (suggestions.length > 0 || owner.unreadable.length === 0) {
    return askBackCard({ what: 'domain', given: domain, suggestions });
  }
  const unread = owner.unreadable.map(({ tenant, reason }) => `${tenant.name} (${reason})`).join('; ');
  return errorCard({
    code: 'unknown-domain',
    message: `${domain} is no accepted domain of any tenant I can read. These tenants could not be read: ${unread}`,
    next: 'Check the name, or have an administrator of that tenant restore the access.',
  });
}

/** The same change asked for twice is one request: a redelivered message or an impatient colleague finds the first. */
async function openTwin(
  services: Services,
  workflow: Workflow<World>,
  tenantId: string,
  input: JsonObject,
): Promise<ProvisioningRequest | undefined> {
  const open = await services.store.list({ tenantId, states: openStates, limit: mostOpen });
  return open.find((one) => one.workflow === workflow.name && canonicalJson(one.input) === canonicalJson(input));
}

async function create(
  services: Services,
  workflow: Workflow<World>,
  asked: Asked,
  tenant: { readonly id: string; readonly name: string },
  input: JsonObject,
): Promise<Opened> {
  const { actor, conversation } = asked;
  const id = requestIdFrom(asked.seed);
  const now = services.clock.now();
  const request = openRequest(
    {
      id,
      workflow: workflow.name,
      version: workflow.version,
      title: `${workflow.title}: ${subjectOf(input)}`,
      tenant: { id: tenant.id, name: tenant.name },
      input,
      requester: { tenantId: actor.tenantId, objectId: actor.objectId, name: actor.name },
      conversation,
      behind: await runAhead(services.store, { id, tenant, updatedAt: now.toISOString() }),
    },
    newNonce(),
    now,
  );
  const call = {
    function: 'plan-request@1',
    id: `${request.id}:plan`,
    input: { requestId: request.id },
    partition: null,
  };
  const audit = {
    action: 'requested',
    requestId: request.id,
    tenantId: tenant.id,
    actor: request.requester,
    outcome: 'accepted' as const,
    ...sourceOf(actor, conversation),
    detail: { workflow: workflow.id, input },
  };
  if (await services.store.create(request, [{ kind: 'start', call }], audit)) return { kind: 'opened', request };
  // The same message was delivered before, or somebody asked for the same in this moment.
  const existing =
    (await services.store.get(request.id)) ?? (await openTwin(services, workflow, tenant.id, input)) ?? request;
  return { kind: 'existing', request: existing };
}
