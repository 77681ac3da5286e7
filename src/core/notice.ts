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
    | 'paused'
    | 'take-back'
    | 'held'
    | 'superseded'
    | 'refused'
    | 'expired'
    | 'denied'
    | 'cancelled'
    | 'scheduled'
    | 'reminder'
    | 'widened'
    | 'break-glass'
    | 'review'
    | 'receipt'
    | 'connected'
    | 'not-connected'
    | 'suspended'
    | 'closed';
  readonly requestId: string;
  /** One line; also the text of the toast. */
  readonly headline: string;
  /** What happened, why, and who can do what about it. */
  readonly body: string;
  /** Lines shown as a list: what was done, what is left, what was seen. */
  readonly details: readonly string[];
  readonly tone: 'good' | 'attention' | 'bad' | 'neutral';
  /** A person must act now: shown as an alert, and never in a digest. Default: by the kind, see {@link isUrgent}. */
  readonly urgent?: boolean;
}

/** The kinds that ask a person to do something, and to do it soon. */
const urgentKinds: readonly Notice['kind'][] = [
  'disproven',
  'undo-failed',
  'paused',
  'take-back',
  'superseded',
  'reminder',
  'widened',
  'break-glass',
  'review',
];

/** Whether a person must act now. */
export function isUrgent({ urgent, kind }: Pick<Notice, 'urgent' | 'kind'>): boolean {
  return urgent ?? urgentKinds.includes(kind);
}

/**
 * Who is told: the thread the request was made in together with the conversations that subscribed to its domain or
 * tenant, the person who made it, the one who started it alone and has to answer for it, somebody who has
 * just decided on it, or the operators' channel.
 */
export type Audience = 'thread' | 'requester' | 'accountable' | 'decider' | 'operators';
