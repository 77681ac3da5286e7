import type { DirectoryRole } from './directory-roles.ts';
import type { GraphPermission } from './graph-permissions.ts';

export type Consent = 'granted' | 'missing' | 'revoked';

/** What the app may do in a tenant. */
export interface AccessState {
  readonly consent: Consent;
  /** The application permission Exchange.ManageAsApp. */
  readonly exchangePermission: boolean;
  readonly graphPermissions: readonly GraphPermission[];
  readonly roles: readonly DirectoryRole[];
}

interface Earlier {
  readonly state: AccessState;
  /** Virtual milliseconds at which the next state took its place. */
  readonly until: number;
}

const REMEMBERED = 20;

/** The app's rights in a tenant, with those it had before: every service learns of a change in its own time. */
export class Access {
  #current: AccessState;
  #earlier: Earlier[] = [];

  constructor(state: AccessState) {
    this.#current = state;
  }

  get current(): AccessState {
    return this.#current;
  }

  /** Corrects the rights as if they had always been so. */
  correct(change: Partial<AccessState>): void {
    this.#current = { ...this.#current, ...change };
  }

  /** Changes the rights at this virtual time. */
  change(change: Partial<AccessState>, now: number): void {
    this.#earlier = [...this.#earlier, { state: this.#current, until: now }].slice(-REMEMBERED);
    this.correct(change);
  }

  /** Changes the rights for everybody at once, as if it had been done long ago. */
  settle(change: Partial<AccessState>): void {
    this.correct(change);
    this.#earlier = [];
  }

  /** The rights as a service sees them that is `seconds` behind. */
  seen(now: number, seconds: number): AccessState {
    const at = now - seconds * 1000;
    return seconds === 0 ? this.#current : (this.#earlier.find(({ until }) => until > at)?.state ?? this.#current);
  }

  export(): { current: AccessState; earlier: readonly Earlier[] } {
    return { current: this.#current, earlier: this.#earlier };
  }

  restore({ current, earlier }: { current: AccessState; earlier: readonly Earlier[] }): void {
    this.#current = current;
    this.#earlier = [...earlier];
  }
}
