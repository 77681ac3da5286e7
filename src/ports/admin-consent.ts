import type { AuditEntry, SentMessage } from '../core/store.ts';

/** Who asked for access to which tenant, and where they wait for the answer. */
export interface ConsentRequest {
  /** Entra tenant id, a lower-case GUID. */
  readonly tenantId: string;
  /** Entra object id of the requester in the home tenant. */
  readonly requesterId: string;
  /** Key of the conversation that is told what became of it; null for links that were made before it was kept. */
  readonly conversation: string | null;
}

/** In whose name a link is made and where it was asked for, as the audit trail keeps it with the link. */
export type Asked = Pick<AuditEntry, 'actor' | 'source'>;

/** A link for an administrator of the tenant; it works once and for a short time. */
export interface ConsentLink {
  /** By which to ask how it stands. Half of the secret: it belongs on the card and nowhere else. */
  readonly id: string;
  /** How it is called in the audit trail. */
  readonly publicName: string;
  /** Of this bot, which sends the browser on to Microsoft: so the browser that left is known when one comes back. */
  readonly url: URL;
  /** Seconds, in real time. */
  readonly validForSeconds: number;
}

/**
 * What became of a link:
 * - `open`: nobody came back yet;
 * - `granted`: a token of exactly that tenant proved it;
 * - `unproven`: the administrator consented, and the proof does not show yet (it takes minutes);
 * - `refused`: Microsoft or the administrator said no; `reason` says why and `next` who does what, as sentences.
 */
export type ConsentOutcome =
  | { readonly kind: 'open' | 'granted' | 'unproven' }
  | { readonly kind: 'refused'; readonly reason: string; readonly next?: string };

/** A link that was given out, as it stands now. */
export interface ConsentStanding {
  readonly request: ConsentRequest;
  readonly outcome: ConsentOutcome;
  /** Null when it was used or has expired. */
  readonly link: ConsentLink | null;
  /** Where its card is shown; null until it was posted. */
  readonly card: SentMessage | null;
}

/** Whether a link is in our hands now, in those of somebody else, or in nobody's any more. */
export type Taking = 'ours' | 'in-hand' | 'over';

/** Asking administrators of other tenants to let us in. */
export interface AdminConsent {
  /** Errors: `RefusedError` when nobody said where administrators reach this bot (PUBLIC_URL). */
  begin(request: ConsentRequest, asked: Asked): Promise<ConsentLink>;
  /** Null for an id that was never given out. */
  standingOf(id: string): Promise<ConsentStanding | null>;
  /** Tells where the card of a link is shown. It is drawn anew there, with how far the tenant lets us in by then. */
  shownOn(id: string, card: SentMessage): Promise<void>;
}

/** Where links are remembered. A link that is given out or answered is written together with its audit entry. */
export interface ConsentStore {
  /** The key that states are signed with: 32 bytes, the same in every process. */
  signingKey(): Promise<Uint8Array>;
  add(id: string, request: ConsentRequest, validForSeconds: number, asked: Asked): Promise<void>;
  find(id: string): Promise<ConsentRequest | null>;
  /**
   * For whoever takes a link that has not expired, and until it is settled for nobody else: unless it was taken more
   * than `withinSeconds` (real time) ago, because whoever took it then has died with it.
   */
  take(id: string, withinSeconds: number): Promise<Taking>;
  /** Remembers what became of a link, and that its conversation has to be told. */
  settle(id: string, outcome: ConsentOutcome): Promise<void>;
  outcomeOf(id: string): Promise<ConsentOutcome | null>;
  /** Seconds for which a link can still be taken; 0 when it was taken or has expired. */
  secondsLeft(id: string): Promise<number>;
  cardOf(id: string): Promise<SentMessage | null>;
  /** Remembers where the card of a link is shown, and that it has to be drawn anew. */
  shownOn(id: string, card: SentMessage): Promise<void>;
}
