import type { PeopleNames } from '../../src/ports/people-names.ts';

/** What people are called, in memory. */
export class MemoryPeople implements PeopleNames {
  readonly #names = new Map<string, string>();

  async of(objectIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return new Map([...this.#names].filter(([id]) => objectIds.includes(id)));
  }

  learn(objectId: string, name: string): void {
    this.#names.set(objectId, name);
  }
}
