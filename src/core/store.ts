import type { ObjectRef } from './change.ts';
import type { DurableCall } from './durable.ts';
import { OpsError } from './errors.ts';
import type { JsonObject } from './json.ts';
import type { Audience, Notice } from './notice.ts';
import type { Person } from './person.ts';
import type { ProvisioningRequest, RequestState } from './request.ts';
import type { SetUp } from './set-up.ts';

/** Something that must happen because a request changed; stored with the change, carried out at least once. */
export type Effect =
  | { readonly kind: 'start'; readonly call: DurableCall }
  | { readonly kind: 'message'; readonly runId: string; readonly topic: string; readonly key: string }
  | { readonly kind: 'card'; readonly requestId: string }
  | { readonly kind: 'notice'; readonly id: string; readonly audience: Audience; readonly notice: Notice }
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
  /** Where it was asked. */
  readonly source?: { readonly conversation: string };
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
  /** ISO time; only requests to be decided before it. */
  readonly decideBefore?: string;
  /** Default 50, newest first. */
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

/** What was sent where, so that it can be edited and is not sent twice. */
export interface MessageStore {
  /** The living card of a request, or null when none was posted yet. */
  cardOf(requestId: string): Promise<SentMessage | null>;
  /** Remembers the living card; a second card for the same request is refused with false. */
  rememberCard(requestId: string, message: SentMessage): Promise<boolean>;
}

/** Takes effects out of storage and carries them out, at least once each, in order per request. */
export interface Outbox {
  /** Hands each due effect to `handle`; an effect whose handler throws is tried again later with growing pauses. */
  drain(handle: (effect: Effect) => Promise<void>, signal: AbortSignal): Promise<void>;
}

/** Where things are stored cannot be reached. Nothing was changed, or it is unknown whether the last change was. */
export class StoreUnavailableError extends OpsError {
  override readonly name = 'StoreUnavailableError';
  readonly code = 'store-unavailable';
}
