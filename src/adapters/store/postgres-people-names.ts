import type pg from 'pg';
import type { PeopleNames } from '../../ports/people-names.ts';

/** More people than talk to a bot; who is not among them is written once more. */
const mostKnown = 5000;
const longestName = 200;

/** What people are called, in PostgreSQL and in memory. */
export class PostgresPeopleNames implements PeopleNames {
  readonly #pool: pg.Pool;
  readonly #known = new Map<string, string>();
  /** Not written yet. */
  readonly #heard = new Map<string, string>();

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async of(objectIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const wanted = [...new Set(objectIds)];
    const names = new Map(wanted.flatMap((id) => this.#entry(id)));
    const missing = wanted.filter((id) => !names.has(id));
    if (missing.length === 0) return names;
    const sql = 'select object_id as id, name from switchyard.people where object_id = any($1)';
    const { rows } = await this.#pool.query<{ id: string; name: string }>(sql, [missing]).catch(() => ({ rows: [] }));
    for (const { id, name } of rows) {
      this.#keep(id, name);
      names.set(id, name);
    }
    return names;
  }

  learn(objectId: string, name: string): void {
    const id = objectId.toLowerCase();
    const called = name.trim().slice(0, longestName);
    if (called === '' || this.#known.get(id) === called) return;
    this.#keep(id, called);
    if (this.#heard.size === 0) setImmediate(() => this.#write());
    this.#heard.set(id, called);
  }

  /** Everybody heard of in one go, in one statement; sorted, so that two processes never wait for each other. */
  #write(): void {
    const heard = [...this.#heard].toSorted(([left], [right]) => (left < right ? -1 : 1));
    this.#heard.clear();
    const sql = `insert into switchyard.people (object_id, name) select * from unnest($1::text[], $2::text[])
      on conflict (object_id) do update set name = excluded.name where people.name <> excluded.name`;
    this.#pool.query(sql, [heard.map(([id]) => id), heard.map(([, name]) => name)]).catch(() => {
      for (const [id] of heard) this.#known.delete(id);
    });
  }

  #entry(id: string): [string, string][] {
    const name = this.#known.get(id);
    return name === undefined ? [] : [[id, name]];
  }

  #keep(id: string, name: string): void {
    if (this.#known.size >= mostKnown) this.#known.clear();
    this.#known.set(id, name);
  }
}
