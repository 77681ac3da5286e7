import type { ObjectRef } from './change.ts';
import type { DurableCall } from './durable.ts';
import { OpsError } from './errors.ts';
import type { Json, JsonObject } from './json.ts';
import type { KeptPlan } from './kept-plan.ts';
import type { Audience, Notice } from './notice.ts';
import type { Person } from './person.ts';
import type { ProvisioningRequest, RequestState } from './request.ts';
import type { SetUp } from './set-up.ts';

/** Something that must happen because a request changed; stored with the change, carried out at least once. */
export type Effect =
  | { readonly kind: 'start'; readonly call: DurableCall }
  | {
      readonly kind: 'message';
      readonly runId: string;
      readonly topic: string;
      readonly key: string;
      readonly message?: Json;
    }
  | { readonly kind: 'card'; readonly requestId: string }
  | {
      readonly kind: 'notice';
      readonly id: string;
      readonly audience: Audience;
      readonly notice: Notice;
      /** Who has decided, when it is for them. */
      readonly to?: Person;
      /** Of what belongs to no request: the conversation that is told when there is none of the operators. */
      readonly otherwise?: string;
    }
  /** The card of a consent link is drawn anew; with `isNews` the conversation is told as well. */
  | { readonly kind: 'consent'; readonly consentId: string; readonly isNews: boolean }
  | { readonly kind: 'plan'; readonly kept: KeptPlan }
  | { readonly kind: 'set-up'; readonly setUp: SetUp };

/** One line of the audit trail: who did what to which request, and what came of it. */
export interface AuditEntry {
  readonly action: string;
  readonly requestId: string;
  readonly tenantId: string;
  /** Null when Switchyard itself acted. */
  readonly actor: Person | null;
  readonly outcome: 'accepted' | 'refused';
  /** Why it was refused, in words. */
  readonly reason?: string;
  /** Where it was asked, and by which activity of the channel, when it was by one. */
  readonly source?: { readonly conversation: string; readonly activityId?: string };
  /** The object of the tenant it is about, when it is about one. */
  readonly target?: ObjectRef;
  /** Digest of the plan it is about. */
  readonly digest?: string;
  /** Free of secrets and of mail content. */
  readonly detail: JsonObject;
}

/** Which requests to list. */
export interface RequestFilter {
  readonly states?: readonly RequestState[];
  readonly tenantId?: string;
  /** ISO time; only requests for which something is due by then, the longest overdue first. */
  readonly dueBefore?: string;
  /** ISO time; only requests that changed later than that. */
  readonly changedAfter?: string;
  /** Only requests for which something is due at some time, worked out by another policy than this version. */
  readonly dueUnderAnother?: string;
  /** Only emergency starts that one of these accounts made and that are not answered for or not reviewed. */
  readonly owedBy?: readonly Pick<Person, 'tenantId' | 'objectId'>[];
  /** Default 50; newest first, unless said otherwise above. */
  readonly limit?: number;
}

/** Where requests live. A change, its audit entry and its effects are one transaction. */
export interface RequestStore {
  /** False when this id exists already, or an open request for the very same thing; nothing is stored then. */
  create(request: ProvisioningRequest, effects: readonly Effect[], audit: AuditEntry): Promise<boolean>;
  get(id: string): Promise<ProvisioningRequest | null>;
  list(filter: RequestFilter): Promise<readonly ProvisioningRequest[]>;
  /** Saves if the stored revision is still `next.revision - 1`; false when somebody else was first. */
  save(next: ProvisioningRequest, effects: readonly Effect[], audit: AuditEntry | null): Promise<boolean>;
  /** An audit entry without a change, for refusals. */
  record(audit: AuditEntry): Promise<void>;
}

/** Where set-ups live. They are written through the effects of a request. */
export interface SetUpStore {
  ofTenant(tenantId: string): Promise<readonly SetUp[]>;
  all(): Promise<readonly SetUp[]>;
}

/** A message of ours that is shown somewhere and is edited in place. */
export interface SentMessage {
  /** Key of the conversation it is in. */
  readonly conversation: string;
  /** Id the channel gave it. */
  readonly messageId: string;
}

/** A card of a request that is shown somewhere. */
export interface IssuedCard extends SentMessage {
  /** The latest revision of the request it is known to show; 0 when that is not known. */
  readonly revision: number;
}

/** Where the cards of requests are shown, so that all of them can be edited and none is sent twice. */
export interface MessageStore {
  /** Every card of a request, the first one first. */
  cardsOf(requestId: string): Promise<readonly IssuedCard[]>;
  /** Remembers a card; false when it is known already. */
  rememberCard(requestId: string, message: SentMessage): Promise<boolean>;
  /**
   * The card shows this revision now. Gives the latest one it was ever known to show: a later one was drawn by somebody
   * else while this one was on its way, and may have been drawn over.
   */
  cardShows(requestId: string, message: SentMessage, revision: number): Promise<number>;
  /** The card is gone from where it was. */
  forgetCard(requestId: string, message: SentMessage): Promise<void>;
  /**
   * A card is about to be posted there. Written before it is sent, so that after a crash it is known that one may be
   * there. Gives the number of this attempt, from 1.
   */
  beginCard(requestId: string, conversation: string): Promise<number>;
  /** The attempt that was begun last is settled: its card is remembered, or it certainly showed nothing. */
  cardSettled(requestId: string, conversation: string): Promise<void>;
}

/** Carries out an effect; `attempts` counts those, of any process, that failed before this one. */
export type EffectHandler = (effect: Effect, attempts: number) => Promise<void>;

/** Takes effects out of storage and carries them out, at least once each, in order per request. */
export interface Outbox {
  /** Hands each due effect to `handle`; an effect whose handler throws is tried again later with growing pauses. */
  drain(handle: EffectHandler, signal: AbortSignal): Promise<void>;
}

/** An effect that cannot be finished yet although the rest was done: what comes after it need not wait. */
export class UnfinishedError extends OpsError {
  override readonly name = 'UnfinishedError';
  readonly code = 'unfinished';
}

/** Where things are stored cannot be reached. Nothing was changed, or it is unknown whether the last change was. */
export class StoreUnavailableError extends OpsError {
  override readonly name = 'StoreUnavailableError';
  readonly code = 'store-unavailable';
}
