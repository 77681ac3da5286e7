import type { DirectoryRole } from './directory-roles.ts';
import type { GraphPermission } from './graph-permissions.ts';

export type Consent = 'granted' | 'missing' | 'revoked';

/** What the app may do in a tenant. */
export interface AccessState {
  readonly consent: Consent;
  /** False where an administrator has disabled the app without removing it. */
  readonly principalEnabled: boolean;
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

  /** When Exchange has learned of the last changes of roles and of consent, in virtual milliseconds; null when it has. */
  actsAt(now: number, delays: { readonly roleSeconds: number; readonly consentSeconds: number }): number | null {
    const ends = this.#earlier.map(({ state, until }, index) => {
      const { roles, consent, exchangePermission, principalEnabled } = this.#earlier[index + 1]?.state ?? this.#current;
      const isRole = state.roles.toSorted().join() !== roles.toSorted().join();
      const isConsent =
        state.consent !== consent ||
        state.exchangePermission !== exchangePermission ||
        state.principalEnabled !== principalEnabled;
      const seconds = [isRole ? delays.roleSeconds : 0, isConsent ? delays.consentSeconds : 0];
      return until + Math.max(...seconds) * 1000;
    });
    const last = Math.max(0, ...ends);
    return last > now ? last : null;
  }

  export(): { current: AccessState; earlier: readonly Earlier[] } {
    return { current: this.#current, earlier: this.#earlier };
  }

  restore({ current, earlier }: { current: AccessState; earlier: readonly Earlier[] }): void {
    this.#current = current;
    this.#earlier = [...earlier];
  }
}
