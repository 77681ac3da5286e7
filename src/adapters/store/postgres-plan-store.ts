import type pg from 'pg';
import type { KeptPlan, PlanStore } from '../../core/kept-plan.ts';
import type { Plan } from '../../core/plan.ts';
import { Session } from './session.ts';

interface PlanRow {
  readonly version: number;
  readonly at: Date;
  readonly body: Plan;
}

/** The plans that were put up for a decision, in PostgreSQL. */
export class PostgresPlanStore implements PlanStore {
  readonly #session: Session;

  constructor(pool: pg.Pool, patienceMs = 8000) {
    this.#session = new Session(pool, patienceMs);
  }

  async ofRequest(requestId: string): Promise<readonly KeptPlan[]> {
    const { rows } = await this.#session.query<PlanRow>(
      'select version, at, body from switchyard.plans where request_id = $1 order by version',
      [requestId],
    );
    return rows.map(({ version, at, body }) => ({ requestId, version, at: at.toISOString(), plan: body }));
  }
}
