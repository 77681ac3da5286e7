import { type ExchangeObject, textOf } from './exchange-object.ts';

/** One state of an object. Times are virtual milliseconds; a null value says that it was removed. */
export interface Version {
  readonly value: ExchangeObject | null;
  readonly storedAt: number;
  /** From when a read by identity answers this version. */
  readonly visibleAt: number;
  /** From when mail flow acts on this version. */
  readonly effectiveAt: number;
}

/** How long a change takes, in virtual seconds. */
export interface Delays {
  readonly visible: number;
  readonly effective: number;
}

/** The objects of one kind in one tenant, with the versions that are still on their way to mail flow. */
export class ObjectStore {
  readonly #histories = new Map<string, Version[]>();

  /** Stores a new state of the object with this Guid; null removes it. */
  put(guid: string, value: ExchangeObject | null, now: number, delays: Delays): void {
    const history = this.#histories.get(guid) ?? [];
    history.push({
      value,
      storedAt: now,
      visibleAt: now + delays.visible * 1000,
      effectiveAt: now + delays.effective * 1000,
    });
    this.#histories.set(guid, history);
  }

  /** What the directory holds: the newest state of every object. */
  stored(): ExchangeObject[] {
    return this.#select(() => true);
  }

  /** What a read by identity can see at that virtual time. */
  visible(at: number): ExchangeObject[] {
    return this.#select((version) => version.visibleAt <= at);
  }

  /** What mail flow acts on at that virtual time. */
  effective(at: number): ExchangeObject[] {
    return this.#select((version) => version.effectiveAt <= at);
  }

  /** Every object that exists or still acts: its newest version, and the state mail flow acts on. */
  current(at: number): { newest: Version; acting: ExchangeObject | null }[] {
    return [...this.#histories.values()].flatMap((history) => {
      const newest = history.at(-1);
      const acting = history.findLast((version) => version.effectiveAt <= at)?.value ?? null;
      return newest && (newest.value !== null || acting !== null) ? [{ newest, acting }] : [];
    });
  }

  /** Finds by name, Guid or distinguished name, as `-Identity` does. */
  find(identity: string, objects: readonly ExchangeObject[] = this.stored()): ExchangeObject | null {
    if (identity === '') return null;
    const wanted = identity.toLowerCase();
    const keys = ['Identity', 'Name', 'Guid', 'DistinguishedName', 'DomainName'];
    return objects.find((object) => keys.some((key) => textOf(object, key).toLowerCase() === wanted)) ?? null;
  }

  export(): Readonly<Record<string, readonly Version[]>> {
    return Object.fromEntries(this.#histories);
  }

  restore(histories: Readonly<Record<string, readonly Version[]>>): void {
    this.#histories.clear();
    for (const [guid, versions] of Object.entries(histories)) this.#histories.set(guid, [...versions]);
  }

  #select(isThere: (version: Version) => boolean): ExchangeObject[] {
    return [...this.#histories.values()]
      .map((history) => history.findLast(isThere)?.value ?? null)
      .filter((value) => value !== null);
  }
}
