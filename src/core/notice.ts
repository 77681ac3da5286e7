/** Something people are told outside the living card. */
export interface Notice {
  readonly kind:
    | 'settled'
    | 'proven'
    | 'not-proven'
    | 'disproven'
    | 'finished'
    | 'undone'
    | 'undo-failed'
    | 'superseded'
    | 'refused'
    | 'expired'
    | 'denied'
    | 'cancelled';
  readonly requestId: string;
  /** One line; also the text of the toast. */
  readonly headline: string;
  /** What happened, why, and who can do what about it. */
  readonly body: string;
  /** Lines shown as a list: what was done, what is left, what was seen. */
  readonly details: readonly string[];
  readonly tone: 'good' | 'attention' | 'bad' | 'neutral';
}

/** Who is told: the thread the request was made in, the person who made it, or the operators' channel. */
export type Audience = 'thread' | 'requester' | 'operators';
