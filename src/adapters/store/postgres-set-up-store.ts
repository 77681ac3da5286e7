import type pg from 'pg';
import type { SetUp } from '../../core/set-up.ts';
import type { SetUpStore } from '../../core/store.ts';
import { Session } from './session.ts';

interface SetUpRow {
  readonly body: StoredSetUp;
}

/** Every entry of the catalogue was at it when the version began to be stored. */
const firstVersion = '1';

/** Set-ups that were stored before they told the version of the catalogue do not have it. */
type StoredSetUp = Omit<SetUp, 'gatewayVersion'> & Partial<Pick<SetUp, 'gatewayVersion'>>;

/** Set-ups in PostgreSQL; they are written by the request store. */
export class PostgresSetUpStore implements SetUpStore {
  readonly #session: Session;

  constructor(pool: pg.Pool, patienceMs = 8000) {
    this.#session = new Session(pool, patienceMs);
  }

  async ofTenant(tenantId: string): Promise<readonly SetUp[]> {
    const sql = 'select body from switchyard.set_ups where tenant_id = $1 order by gateway collate "C"';
    const { rows } = await this.#session.query<SetUpRow>(sql, [tenantId]);
    return rows.map(setUpOf);
  }

  async all(): Promise<readonly SetUp[]> {
    const { rows } = await this.#session.query<SetUpRow>(
      'select body from switchyard.set_ups order by tenant_id collate "C", gateway collate "C"',
    );
    return rows.map(setUpOf);
  }
}

function setUpOf({ body }: SetUpRow): SetUp {
  return { gatewayVersion: firstVersion, ...body };
}
