import type pg from 'pg';
import type { SetUp } from '../../core/set-up.ts';
import type { SetUpStore } from '../../core/store.ts';
import { Session } from './session.ts';

interface SetUpRow {
  readonly body: SetUp;
}

/** Set-ups in PostgreSQL; they are written by the request store. */
export class PostgresSetUpStore implements SetUpStore {
  readonly #session: Session;

  constructor(pool: pg.Pool, patienceMs = 8000) {
    this.#session = new Session(pool, patienceMs);
  }

  async ofTenant(tenantId: string): Promise<readonly SetUp[]> {
    const sql = 'select body from switchyard.set_ups where tenant_id = $1 order by gateway';
    const { rows } = await this.#session.query<SetUpRow>(sql, [tenantId]);
    return rows.map(({ body }) => body);
  }

  async all(): Promise<readonly SetUp[]> {
    const { rows } = await this.#session.query<SetUpRow>(
      'select body from switchyard.set_ups order by tenant_id, gateway',
    );
    return rows.map(({ body }) => body);
  }
}
