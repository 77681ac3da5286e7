import { setTimeout as pause } from 'node:timers/promises';
import type { ProvisioningRequest } from '../../src/core/request.ts';
import type { ClickAnswer, SaidAnswer } from '../support/running-bot.ts';
import type { ChaosWorld } from './chaos-world.ts';

/** In the order in which a tenant can go through them. */
export const workflowNames = ['set-up-gateway', 'lock-down', 'unlock'] as const;
export type WorkflowName = (typeof workflowNames)[number];

/** What somebody wants, and who will have to approve it. */
export interface Wish {
  readonly workflow: WorkflowName;
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

/** A wish did not come to its end in time. */
export class StuckError extends Error {
  override readonly name = 'StuckError';
}

/** A frozen process keeps what it has in hand for two minutes. */
const patienceMs = 200_000;
const lookEveryMs = 60;

const phrases: Record<WorkflowName, string> = {
  'set-up-gateway': 'set up gateway exchangedefender for',
  'lock-down': 'lock down',
  unlock: 'unlock',
};

/**
 * Rita asks, somebody approves, everybody waits until nothing is left to do. They behave as people do: what was not
 * delivered is said again, a click that reached nobody is clicked again.
 */
export async function live(world: ChaosWorld, wish: Wish): Promise<Story> {
  const beganAt = Date.now();
  if (wish.workflow === 'lock-down') await moveMx(world, wish.tenant);
  const journal = await world.control<{ seq: number }[]>(`journal?tenant=${wish.tenant}`);
  const journalFrom = journal.at(-1)?.seq ?? 0;
  const before = await openedFor(world, wish);
  const requestId = await ask(world, wish, before.length);
  await approve(world, wish, requestId);
  await untilSettled(world, requestId);
  return { wish, requestId, journalFrom, beganAt };
}

/** What the bot stores of a request. */
export async function requestOf(world: ChaosWorld, requestId: string): Promise<ProvisioningRequest | undefined> {
  const sql = 'select body from switchyard.requests where id = $1';
  const [row] = await world.rows<{ body: ProvisioningRequest }>(sql, [requestId]);
  return row?.body;
}

/** Waits until a request has ended, every effect of it is carried out and every function of it has returned. */
export async function untilSettled(world: ChaosWorld, requestId: string, withinMs = patienceMs): Promise<void> {
  await until(
    `${requestId} to settle`,
    async () => {
      const [row] = await world.rows<{ settled: boolean }>(
        `select state not in ('planning', 'awaiting-approval', 'confirming', 'approved', 'running')
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
}

/** Polls until the condition holds. Whatever it throws meanwhile, such as a database that is away, is waited out. */
export async function until<Result>(
  what: string,
  condition: () => Promise<Result | undefined | null | false>,
  withinMs = patienceMs,
): Promise<Result> {
  const deadline = Date.now() + withinMs;
  let trouble = '';
  for (;;) {
    try {
      const result = await condition();
      if (result) return result;
    } catch (error) {
      trouble = ` Last trouble: ${String(error)}`;
    }
    if (Date.now() > deadline) throw new StuckError(`Waited ${withinMs / 1000} s for ${what}.${trouble}`);
    await pause(lookEveryMs);
  }
}

async function moveMx(world: ChaosWorld, tenant: string): Promise<void> {
  const mx = 'inbound30.exchangedefender.com';
  await world.control('dns', { domain: `${tenant}.example`, mx, fresh: true }, 'PUT');
}

/** Says it until there is one more request than before. */
async function ask(world: ChaosWorld, wish: Wish, before: number): Promise<string> {
  const text = `${phrases[wish.workflow]} ${wish.tenant}.example`;
  const opened = async (): Promise<string | undefined> => (await openedFor(world, wish))[before];
  return until(`"${text}" to open a request`, async () => {
    const already = await opened();
    if (already !== undefined) return already;
    const { delivered } = await world.control<SaidAnswer>('messages', { as: 'rita', conversation: 'mail-ops', text });
    return delivered ? until('the request of a delivered message', opened, 5000) : opened();
  });
}

async function openedFor(world: ChaosWorld, { tenant, workflow }: Wish): Promise<string[]> {
  const rows = await world.rows<{ id: string }>(
    `select id from switchyard.requests
     where body #>> '{tenant,name}' = $1 and body ->> 'workflow' = $2 order by created_at`,
    [tenant, workflow],
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

/** The message that the bot remembers as the request's living card. */
export async function cardOf(world: ChaosWorld, requestId: string): Promise<string | undefined> {
  const sql = 'select message_id as id from switchyard.cards where request_id = $1';
  const [row] = await world.rows<{ id: string }>(sql, [requestId]);
  return row?.id;
}
