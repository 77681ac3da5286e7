import type { ClickAnswer, SaidAnswer } from '../support/running-bot.ts';
import type { ChaosWorld } from './chaos-world.ts';
import { type RequestKind, storyKinds } from './kinds/index.ts';
import { leftOpen } from './left-open.ts';
import { cardOf, requestOf } from './stored.ts';
import { patienceMs, StuckError, until } from './until.ts';

/** What somebody wants, and who will have to approve it. */
export interface Wish {
  readonly kind: RequestKind;
  /** The tenant of this round; what belongs to Switchyard itself leaves it alone. */
  readonly tenant: string;
  readonly approver: 'ada' | 'ben';
}

/** A wish that was carried out as far as people see. */
export interface Story {
  readonly wish: Wish;
  readonly requestId: string;
  /** Last entry of the cloud's journal before it began. */
  readonly journalFrom: number;
  /** Milliseconds. */
  readonly beganAt: number;
}

/**
 * Rita asks, somebody approves, everybody waits until nothing is left to do. They behave as people do: what was not
 * delivered is said again, a click that reached nobody is clicked again.
 */
export async function live(world: ChaosWorld, wish: Wish): Promise<Story> {
  const beganAt = Date.now();
  const { before, phrase, meanwhile, after } = storyKinds[wish.kind];
  await before?.(world, wish.tenant);
  const journal = await world.control<{ seq: number }[]>(`journal?where=exchange${ofTenant(wish)}`);
  const journalFrom = journal.at(-1)?.seq ?? 0;
  const requestId = await ask(world, wish, await phrase(world, wish.tenant));
  await approve(world, wish, requestId);
  await meanwhile?.(world, requestId);
  await untilSettled(world, requestId);
  await after?.(world);
  return { wish, requestId, journalFrom, beganAt };
}

/** Filter of the cloud's journal: what belongs to Switchyard itself may write to no tenant at all. */
export function ofTenant({ kind, tenant }: Wish): string {
  return storyKinds[kind].home === null ? `&tenant=${tenant}` : '';
}

/** Waits until a request has ended, every effect of it is carried out and every function of it has returned. */
export async function untilSettled(world: ChaosWorld, requestId: string, withinMs = patienceMs): Promise<void> {
  const settled = until(
    `${requestId} to settle`,
    async () => {
      const [row] = await world.rows<{ settled: boolean }>(
        `select state not in ('planning', 'awaiting-approval', 'confirming', 'approved', 'running', 'undoing')
           and not exists (select from switchyard.outbox where request_id = $1 and done_at is null)
           and not exists (select from switchyard.letters where key like $1 || ':%' and done_at is null)
           and not exists (select from dbos.workflow_status
             where workflow_uuid like $1 || ':%' and status in ('PENDING', 'ENQUEUED', 'DELAYED')) as settled
         from switchyard.requests where id = $1`,
        [requestId],
      );
      return row?.settled;
    },
    withinMs,
  );
  await settled.catch(async (error: unknown) => {
    throw new StuckError(`${String(error)}\n${(await leftOpen(world, requestId)).join('\n')}`);
  });
}

/** Says it until there is one more request than before. */
async function ask(world: ChaosWorld, wish: Wish, text: string): Promise<string> {
  const before = (await openedFor(world, wish)).length;
  const opened = async (): Promise<string | undefined> => (await openedFor(world, wish))[before];
  return until(`"${text}" to open a request`, async () => {
    const already = await opened();
    if (already !== undefined) return already;
    const { delivered } = await world.control<SaidAnswer>('messages', { as: 'rita', conversation: 'mail-ops', text });
    return delivered ? until('the request of a delivered message', opened, 5000) : opened();
  });
}

async function openedFor(world: ChaosWorld, { tenant, kind }: Wish): Promise<string[]> {
  const { workflow, home } = storyKinds[kind];
  const rows = await world.rows<{ id: string }>(
    `select id from switchyard.requests
     where body #>> '{tenant,name}' = $1 and body ->> 'workflow' = $2 order by created_at`,
    [home ?? tenant, workflow],
  );
  return rows.map(({ id }) => id);
}

/** Clicks until the click was answered, or is seen to have counted. */
async function approve(world: ChaosWorld, { approver }: Wish, requestId: string): Promise<void> {
  await until(`${requestId} to be approved`, async () => {
    const request = await requestOf(world, requestId);
    if (request?.state === 'planning') return false;
    if (request?.state !== 'awaiting-approval') return true;
    const messageId = await cardOf(world, requestId);
    if (messageId === undefined) return false;
    const { text } = await world.control<{ text: string }>(`messages/${messageId}`);
    if (!text.includes('Waits for an approver')) return false;
    const answer = await world.control<ClickAnswer>('actions', { as: approver, messageId, verb: 'approve' });
    return answer.outcome === 'card';
  });
}
