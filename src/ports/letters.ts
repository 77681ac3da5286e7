import type { Audience, Notice } from '../core/notice.ts';
import type { Person } from '../core/person.ts';
import type { DigestPeriod } from '../core/subscription.ts';

/** A notice on its way to one conversation. */
export interface Letter {
  readonly id: string;
  /** The same for every copy of one notice; a conversation gets each key once. */
  readonly key: string;
  readonly conversation: string;
  /** Whom it was meant for: when the conversation is gone, whoever comes next for that audience gets it. */
  readonly audience: Audience | 'subscriber';
  readonly notice: Notice;
  /** The period of the digest it is collected for, or null when it goes at once. */
  readonly digest: DigestPeriod | null;
  /** On whose wish it goes there, looked at again when it is sent; null when it goes there whoever wishes it. */
  readonly by: Person | null;
  /** What they must be able to do for it: decide, or have any role. */
  readonly wish: 'approvals' | 'notices';
  /** The conversation that gets it when its own is gone and it belongs to no request; null when there is none. */
  readonly otherwise: string | null;
  /** Attempts that were begun and of which it is not known whether they were shown. */
  readonly tried: number;
  /** How often the channel said no without a reason that lasts. */
  readonly refusals: number;
}

/** A letter that is to be kept. `dueAt` is product time. */
export type NewLetter = Pick<Letter, 'key' | 'conversation' | 'audience' | 'notice' | 'digest'> & {
  /** Default: null. */
  readonly by?: Person | null;
  /** Default: notices. */
  readonly wish?: Letter['wish'];
  /** Default: null. */
  readonly otherwise?: string | null;
  readonly dueAt: Date;
};

/** One conversation's letters that are due, oldest first. Nobody else can take them until this is released. */
export interface LetterBox {
  readonly conversation: string;
  readonly letters: readonly Letter[];
  /** How many letters the conversation got in the last 30 seconds. */
  readonly lately: number;
  /** About to be sent. Stored at once, so that after a crash it is known that they may have been shown. */
  begin(letters: readonly Letter[]): Promise<void>;
  /** What `begin` said did not happen: nothing was shown. */
  notShown(letters: readonly Letter[]): Promise<void>;
  /** The same, because the channel said no without a reason that lasts; it is counted. */
  refused(letters: readonly Letter[]): Promise<void>;
  /** Lets them wait until then (product time), so that meanwhile they are in nobody's way. */
  later(letters: readonly Letter[], until: Date): Promise<void>;
  /**
   * They need no more sending; `outcome` is for people who look into the table. One that nobody has to wish for any more
   * is not withheld: it was replaced meanwhile.
   */
  done(letters: readonly Letter[], outcome: 'shown' | 'unknown' | 'gone' | 'refused' | 'withheld'): Promise<void>;
  /** Lets go, so that whoever comes next can take it at once. */
  release(): Promise<void>;
  /** Lets go and keeps the box closed for so many seconds of the wall clock, so that letters collect. */
  rest(seconds: number): Promise<void>;
  /** Lets go after a failure: closed for as long as Teams asked, or, when it did not say, longer each time. */
  fail(retryAfterSeconds: number | null): Promise<void>;
}

/** Where notices wait for their conversations. */
export interface LetterStore {
  /**
   * Keeps letters; one whose key the conversation has had already is dropped, unless it goes there whoever wishes it and
   * the one before was wished for and has not been shown.
   */
  add(letters: readonly NewLetter[]): Promise<void>;
  /** The box of a conversation that has letters due, or null. */
  take(now: Date): Promise<LetterBox | null>;
}
