import { Worlds } from '../../src/adapters/recent/worlds.ts';
import { homeOf } from '../../src/app/policy-book.ts';
import type { Services } from '../../src/commands/command.ts';
import { createDispatcher } from '../../src/commands/dispatch.ts';
import { commands } from '../../src/commands/index.ts';
import type { ActionAnswer, MessageTurn, Reply } from '../../src/commands/turn.ts';
import { Confirmations } from '../../src/core/confirming.ts';
import { createGate, type Gate } from '../../src/core/gate.ts';
import type { Actor } from '../../src/core/person.ts';
import { confirmFunction, planFunction } from '../../src/core/planning.ts';
import type { ApprovalPolicy } from '../../src/core/policy/approval-policy.ts';
import type { RoleSource } from '../../src/core/policy/role-source.ts';
import type { ProvisioningRequest } from '../../src/core/request.ts';
import { runFunction } from '../../src/core/run.ts';
import type { RunServices } from '../../src/core/run-services.ts';
import type { Effect } from '../../src/core/store.ts';
import { undoFunction } from '../../src/core/undo-again.ts';
import type { Workflow } from '../../src/core/workflow.ts';
import type { InboundConnector } from '../../src/ports/exchange-online.ts';
import type { SmtpProbeRequest, SmtpProbeResult } from '../../src/ports/smtp-probe.ts';
import type { DomainOwner } from '../../src/ports/tenant-directory.ts';
import type { World } from '../../src/ports/world.ts';
import { powershell } from '../../src/views/powershell.ts';
import { workflows as ourWorkflows } from '../../src/workflows/index.ts';
import { answerOfEdge, type Edge } from './answer-of-edge.ts';
import { FakeLadder } from './fake-ladder.ts';
import { accepted } from './fake-smtp.ts';
import { type FakeWorld, type FakeWorldSeed, fakeWorld } from './fake-world.ts';
import { listedRoles } from './listed-roles.ts';
import { MemoryConsentDesk } from './memory-consent-desk.ts';
import { MemoryDurable, Mortality } from './memory-durable.ts';
import { MemoryPeople } from './memory-people.ts';
import { MemoryPolicies } from './memory-policies.ts';
import { MemoryStore } from './memory-store.ts';
import { MemorySubscriptions } from './memory-subscriptions.ts';
import { mortalExchange } from './mortal-exchange.ts';
import { mortalPolicyBook } from './mortal-policy-book.ts';
import { ada, home, rita } from './people.ts';
import { RepeatedStarts } from './repeated-starts.ts';

export const conversation = '19:mail-ops@thread.tacv2;messageid=1';
export const officeMx = 'contoso-com.mail.protection.outlook.com';
export const gatewayMx = 'inbound30.exchangedefender.com';

/** The whole product in memory, from the typed sentence to the tenant, with a process that can be killed. */
export class MemorySwitchyard {
  readonly world: FakeWorld;
  readonly store = new MemoryStore();
  readonly subscriptions = new MemorySubscriptions(this.store.audit);
  readonly mortality = new Mortality();
  readonly gate: Gate;
  readonly engine: MemoryDurable;
  readonly services: Services;
  /** What the durable functions of this house are made with. */
  readonly runServices: RunServices<World>;
  readonly defects: unknown[] = [];
  readonly consent = new MemoryConsentDesk();
  readonly ladder = new FakeLadder();
  readonly policies = new MemoryPolicies();
  readonly people = new MemoryPeople();
  readonly starts = new RepeatedStarts();
  /** Conversations where nothing can be posted. */
  readonly unreachable = new Set<string>();
  /** Who may do what; a test may put another answer in its place. */
  roles: RoleSource;
  /** Cmdlets of the product that took effect and were answered. */
  readonly effective: string[] = [];
  edge: Edge = 'obeys';
  /** Real time that is to have passed on top of what the test takes. */
  realSeconds = 0;
  readonly #dispatcher: ReturnType<typeof createDispatcher>;
  #worlds = this.#forgetful();
  #confirmations = new Confirmations();
  #carriedOut = 0;
  #activities = 0;

  constructor(seed: FakeWorldSeed = {}, more: readonly Workflow<World>[] = []) {
    const workflows = [...ourWorkflows, ...more];
    this.world = fakeWorld({
      acceptedDomains: ['contoso.com', 'sales.contoso.com', 'contoso.onmicrosoft.com'],
      dns: { 'contoso.com': [officeMx], 'sales.contoso.com': ['sales-contoso-com.mail.protection.outlook.com'] },
      smtp: { [gatewayMx]: accepted },
      ...seed,
    });
    const { clock, tenant } = this.world;
    this.store.around = this.mortality.moment;
    const { policies } = this;
    const roles: RoleSource = {
      offersSignIn: false,
      actor: (person) => this.roles.actor(person),
      membersOf: (ring) => this.roles.membersOf(ring),
    };
    this.roles = listedRoles(policies, home);
    this.gate = createGate(this.store, clock, policies);
    const onDefect = (error: unknown) => this.defects.push(error);
    this.runServices = {
      gate: this.gate,
      find: (name) => workflows.find((workflow) => workflow.name === name),
      confirmations: { once: (id, make) => this.#confirmations.once(id, make) },
      store: this.store,
      setUps: this.store,
      clock,
      policies,
      roles,
      worldsOf: (asked, stillOurs) => this.#worlds.forRun(this.#mortalWorld(asked, stillOurs), stillOurs),
      planningWorldOf: (asked, age) => this.#worlds.forPlanning(this.#mortalWorld(asked), age),
      onDefect,
      commandLine: powershell,
    };
    const { runServices } = this;
    const runs = workflows.flatMap((one) => [runFunction(one, runServices), undoFunction(one, runServices)]);
    const functions = [planFunction(runServices), confirmFunction(runServices), ...runs];
    this.engine = new MemoryDurable(functions, clock, this.mortality.moment);
    this.services = {
      store: this.store,
      messages: this.store,
      setUps: this.store,
      gate: this.gate,
      clock,
      consent: this.consent,
      signIns: null,
      ladder: this.ladder,
      tenants: {
        managed: () => Promise.resolve([tenant]),
        learn: () => undefined,
        ownerOf: (domain): Promise<DomainOwner> => {
          const known = ['contoso.com', 'sales.contoso.com'];
          return Promise.resolve(
            known.includes(domain) ? { kind: 'found', tenant } : { kind: 'unknown', known, unreadable: [] },
          );
        },
        refresh: () => Promise.resolve(),
      },
      home: homeOf(home),
      policies,
      roles,
      people: this.people,
      subscriptions: this.subscriptions,
      notifier: {
        scopeOf: async (key) => (this.unreachable.has(key) ? null : key.startsWith('a:') ? 'personal' : 'channel'),
      },
      operatorConversation: null,
      workflows,
      questions: commands,
    };
    this.#dispatcher = createDispatcher(this.services, onDefect);
  }

  /** The approval policy in force. */
  get policy(): ApprovalPolicy {
    return this.policies.inForce;
  }

  /** A person types something; what follows from it is carried out as far as it goes. */
  async say(
    text: string,
    actor: Actor = rita,
    activityId = `message-${this.#activities++}`,
    scope: MessageTurn['scope'] = 'channel',
  ): Promise<Reply> {
    const where = scope === 'personal' ? `a:${actor.name.toLowerCase()}` : conversation;
    const reply = await this.#dispatcher.message({ actor, conversation: where, scope, activityId, text });
    if (!reply) throw new Error(`no reply to ${text}`);
    return reply;
  }

  /** A person clicks a button on the current card of a request. `data` replaces what the card carries. */
  async click(verb: string, actor: Actor, data?: unknown, where = conversation): Promise<ActionAnswer> {
    const { id, plan, nonce } = await this.request();
    const carried = { requestId: id, ...(plan && { digest: plan.digest.slice(0, 16) }), nonce };
    const turn = { actor, conversation: where, messageId: 'card-1', verb, data: data ?? carried };
    return this.#dispatcher.action(turn);
  }

  /** A person sends a form. */
  async submit(actor: Actor, data: unknown, messageId: string | null, where = conversation): Promise<ActionAnswer> {
    return this.#dispatcher.action({ actor, conversation: where, messageId, verb: 'submit', data });
  }

  /** The newest request. */
  async request(): Promise<ProvisioningRequest> {
    const [request] = await this.store.list({ limit: 1 });
    if (!request) throw new Error('there is no request');
    return request;
  }

  async requests(): Promise<readonly ProvisioningRequest[]> {
    return this.store.list({});
  }

  /** Carries out everything that is due, as often as the process has to be started again. Tells how often it died. */
  async settle(): Promise<number> {
    for (let deaths = 0; ; deaths += 1) {
      if ((await this.mortality.survive(this.work())) === 'alive') return deaths;
      this.revive();
    }
  }

  /** A new process, which has read nothing yet. */
  revive(): void {
    this.mortality.revive();
    this.#worlds = this.#forgetful();
    this.#confirmations = new Confirmations();
  }

  /** The whole way of one request: typed, planned, approved by ada, run. */
  async carryThrough(text: string): Promise<ProvisioningRequest> {
    await this.say(text);
    await this.settle();
    await this.click('approve', ada);
    await this.settle();
    return this.request();
  }

  /** Types a word and the id of the newest request, which then goes as far as it can by itself. */
  async order(word: string, actor: Actor, more = ''): Promise<ProvisioningRequest> {
    const { id } = await this.request();
    await this.say(`${word} ${id}${more}`, actor);
    await this.settle();
    return this.request();
  }

  /** MX of both domains at the gateway. */
  moveMx(): void {
    this.world.dns.setMx('contoso.com', [gatewayMx]);
    this.world.dns.setMx('sales.contoso.com', [gatewayMx]);
  }

  /** The inbound connectors as they are, past all planned failures. */
  async connectors(): Promise<readonly InboundConnector[]> {
    for (;;) {
      try {
        return await this.world.exchange.list('Get-InboundConnector');
      } catch {
        // A failure meant for the product was used up by this look.
      }
    }
  }

  /** Cmdlets that were sent, in order. */
  sent(): string[] {
    return this.world.exchange.invoked.map(({ cmdlet }) => cmdlet);
  }

  notices(): Extract<Effect, { kind: 'notice' }>[] {
    return this.store.effects.filter((effect) => effect.kind === 'notice');
  }

  /** Carries out everything that is due, in this process. */
  async work(): Promise<void> {
    do {
      await this.post();
    } while (await this.engine.carryOn());
    if (this.#carriedOut < this.store.effects.length) await this.work();
  }

  /** Carries out the effects that are due, as the outbox does beside the runs. */
  async post(): Promise<void> {
    for (let effect = this.store.effects[this.#carriedOut]; effect; effect = this.store.effects[this.#carriedOut]) {
      await this.mortality.moment(`before ${effect.kind}`);
      if (effect.kind === 'start') await this.starts.start({ ...this.runServices, engine: this.engine }, effect.call);
      if (effect.kind === 'message')
        await this.engine.send(effect.runId, effect.topic, effect.message ?? true, effect.key);
      this.#carriedOut += 1;
    }
  }

  /** What a process has read is gone with it. */
  #forgetful(): Worlds {
    return new Worlds(() => performance.now() + this.realSeconds * 1000);
  }

  #mortalWorld(tenant: World['tenant'], stillOurs?: () => Promise<void>): World {
    const { exchange, directory, dns, clock } = this.world;
    const { moment } = this.mortality;
    return {
      tenant,
      directory,
      dns,
      clock,
      setUps: this.store,
      policies: mortalPolicyBook({ policies: this.policies, requests: this.store }, tenant.id, moment, stillOurs),
      exchange: mortalExchange(exchange, { tenantId: tenant.id, moment, effective: this.effective }),
      smtp: {
        egressAddresses: ['198.51.100.25'],
        probe: (request) => this.#probe(request),
      },
    };
  }

  async #probe(request: SmtpProbeRequest): Promise<SmtpProbeResult> {
    if (!request.host.endsWith('.protection.outlook.com')) return this.world.smtp.probe(request);
    return answerOfEdge(this.edge, await this.connectors());
  }
}
