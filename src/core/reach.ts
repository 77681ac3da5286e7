import type { ObjectRef } from './change.ts';
import type { Warning } from './workflow.ts';

/** Messages of one server that a change treats otherwise than before. */
export interface SenderLine {
  /** IP address the messages came from. */
  readonly address: string;
  /** Sender domains, the most frequent first; at most five. */
  readonly domains: readonly string[];
  /** How many sender domains there are beside those. */
  readonly moreDomains: number;
  readonly messages: number;
  /** Distinct recipients. */
  readonly recipients: number;
  /** ISO time of the newest of them. */
  readonly lastSeen: string;
  /**
   * Whether all senders are domains of the tenant. Then it may be a device or a web form, which the change affects, or
   * people's own mail, which it does not: the trace cannot tell them apart.
   */
  readonly isOwn: boolean;
  /** Why it might come out otherwise, as a sentence; null when it is certain. */
  readonly doubt: string | null;
}

/** All messages that a change treats otherwise, with the servers that sent most of them. */
export interface SenderTally {
  readonly messages: number;
  /** Distinct addresses. */
  readonly sources: number;
  /** At most twenty, those with most messages first. */
  readonly top: readonly SenderLine[];
}

/** What the messages of the last days say about a change. Never silently empty. */
export type TraceReading =
  | { readonly kind: 'unknown'; readonly because: string }
  | {
      readonly kind: 'read';
      /** ISO times between which the messages were received. */
      readonly from: string;
      readonly to: string;
      /** Whether these are all messages of that time, rather than the newest only. */
      readonly isWhole: boolean;
      /** Messages that came from outside to one of the domains. */
      readonly messages: number;
      /** Distinct recipients of them. */
      readonly recipients: number;
      /** Came in, and would be refused after the change. */
      readonly refused: SenderTally;
      /** Was refused, and would come in after the change. */
      readonly admitted: SenderTally;
    };

/** An object of the tenant that a plan does not change, and that acts together with one it changes. */
export interface Neighbour {
  readonly object: ObjectRef;
  /** What the two have to do with each other, as a sentence. */
  readonly why: string;
}

/** Whom and what a plan touches beside the objects it changes: its blast radius, found out and not written by hand. */
export interface Reach {
  /** Accepted domains whose mail the changed objects decide about. */
  readonly domains: readonly string[];
  readonly neighbours: readonly Neighbour[];
  /** Whether the changes can refuse mail that came in before them. */
  readonly mayRefuse: boolean;
  readonly trace: TraceReading;
  /** What else the mail of the last days shows, to be read with the plan's own warnings. Default: nothing. */
  readonly warnings?: readonly Warning[];
}
