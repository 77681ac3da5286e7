import type { Clock } from '../core/clock.ts';
import type { Gate } from '../core/gate.ts';
import type { PolicyStore } from '../core/policy/policy-store.ts';
import type { RoleSource } from '../core/policy/role-source.ts';
import type { MessageStore, RequestStore, SetUpStore } from '../core/store.ts';
import type { Workflow } from '../core/workflow.ts';
import type { AccessLadder } from '../ports/access-ladder.ts';
import type { AdminConsent } from '../ports/admin-consent.ts';
import type { Notifier } from '../ports/notifier.ts';
import type { PeopleNames } from '../ports/people-names.ts';
import type { SignIns } from '../ports/sign-in.ts';
import type { SubscriptionStore } from '../ports/subscriptions.ts';
import type { TenantDirectory } from '../ports/tenant-directory.ts';
import type { World } from '../ports/world.ts';
import type { ActionAnswer, ActionTurn, MessageTurn, Reply } from './turn.ts';

/** What commands may use. The registries arrive here, so that no command imports a workflow. */
export interface Services {
  readonly store: RequestStore;
  readonly messages: MessageStore;
  readonly setUps: SetUpStore;
  readonly gate: Gate;
  readonly clock: Clock;
  readonly tenants: TenantDirectory;
  /** The tenant that changes of Switchyard itself belong to. */
  readonly home: { readonly id: string; readonly name: string };
  readonly policies: PolicyStore;
  readonly roles: RoleSource;
  /** Asking people to sign in afresh; null where nobody can. */
  readonly signIns: SignIns | null;
  /** Asking administrators of tenants to let us in. */
  readonly consent: AdminConsent;
  /** How far a tenant lets us in. */
  readonly ladder: AccessLadder;
  /** What people are called. */
  readonly people: PeopleNames;
  /** Who wants to be told about what. */
  readonly subscriptions: SubscriptionStore;
  /** Where we can post. */
  readonly notifier: Pick<Notifier, 'scopeOf'>;
  /** Where operators are told, and where decisions are asked for when nowhere else is; null when there is none. */
  readonly operatorConversation: string | null;
  readonly workflows: readonly Workflow<World>[];
  /** What `help` lists beside the workflows. */
  readonly questions: readonly { readonly phrase: string; readonly summary: string }[];
}

/** A question somebody types. Requests are not commands: they are recognised by their workflow's phrases. */
export interface Command {
  /** The word it starts with; equals the file name. */
  readonly name: string;
  readonly aliases: readonly string[];
  /** How to type it, for help. */
  readonly phrase: string;
  readonly summary: string;
  /** `words` is what follows the name. */
  run(services: Services, turn: MessageTurn, words: readonly string[]): Promise<Reply>;
}

/** A button on a card of ours. `data` is hostile until parsed. */
export interface Action {
  /** Verb of the Action.Execute. */
  readonly verb: string;
  run(services: Services, turn: ActionTurn): Promise<ActionAnswer>;
}
