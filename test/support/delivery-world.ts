import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { PostgresConversationStore } from '../../src/adapters/store/postgres-conversation-store.ts';
import { PostgresLetterStore } from '../../src/adapters/store/postgres-letter-store.ts';
import { PostgresMessageStore } from '../../src/adapters/store/postgres-message-store.ts';
import { PostgresRequestStore } from '../../src/adapters/store/postgres-request-store.ts';
import { PostgresSubscriptionStore } from '../../src/adapters/store/postgres-subscription-store.ts';
import type { Notice } from '../../src/core/notice.ts';
import type { Actor, Person } from '../../src/core/person.ts';
import { approvalPolicy } from '../../src/core/policy/approval-policy.ts';
import { RolesUnavailableError } from '../../src/core/policy/role-source.ts';
import type { ProvisioningRequest } from '../../src/core/request.ts';
import type { Effect } from '../../src/core/store.ts';
import type { Subscription, Topic } from '../../src/core/subscription.ts';
import { subscriptionEntry } from '../../src/core/subscription-entry.ts';
import type { KnownConversation } from '../../src/ports/conversations.ts';
import { Delivery } from '../../src/teams/deliver.ts';
import { openTeamsChannel } from '../../src/teams/teams-channel.ts';
import { samplePlan } from '../../src/views/samples.ts';
import { eventually } from './eventually.ts';
import { FakeClock } from './fake-clock.ts';
import { APP_ID, type ConnectorAnswer, type ConnectorCall, HOME, ISSUER, startFakeTeams } from './fake-teams.ts';
import { migratedPool } from './migrated-pool.ts';
import { ada } from './people.ts';
import { policyDocument } from './policy.ts';
import { startServer } from './postgres.ts';
import { auditOf, sampleRequest } from './sample-request.ts';
import { silentLog } from './silent-log.ts';

export const THREAD = '19:mail-ops@thread.tacv2;messageid=1';
export const MAIL_OPS = '19:mail-ops@thread.tacv2';
export const ALERTS = '19:alerts@thread.tacv2';
export const BUSY = '19:busy@thread.tacv2';
export const BUSY_TOO = '19:busy-too@thread.tacv2';
export const RITAS_CHAT = 'a:rita';
export const ADAS_CHAT = 'a:ada';

type NoticeEffect = Extract<Effect, { kind: 'notice' }>;

export interface DeliveryWorldOptions {
  readonly operators?: string | null;
}

/** One delivery world for all tests of a file, emptied before each. `use` is given it before the first. */
export function useDeliveryWorld(use: (world: DeliveryWorld) => void, options: DeliveryWorldOptions = {}): void {
  let world: DeliveryWorld;
  beforeAll(async () => {
    world = await startDeliveryWorld(options);
    use(world);
  });
  beforeEach(() => world.clear());
  afterAll(() => world.stop());
}

/** What people see, as Teams tells it: the real database, the real sender, a connector that obeys the test. */
export async function startDeliveryWorld({ operators = ALERTS }: DeliveryWorldOptions = {}) {
  const [server, teams] = await Promise.all([startServer('embedded'), startFakeTeams()]);
  const url = await server.newDatabase();
  const pool = await migratedPool(url);
  const stop = new AbortController();
  const clock = new FakeClock();
  const store = new PostgresRequestStore(pool, undefined, () => clock.now());
  const messages = new PostgresMessageStore(pool);
  const conversations = new PostgresConversationStore(pool);
  const subscriptions = new PostgresSubscriptionStore(pool, undefined, () => clock.now());
  const letters = new PostgresLetterStore(pool);
  const channel = openTeamsChannel(
    {
      appId: APP_ID,
      homeTenantId: HOME,
      tokenIssuer: ISSUER,
      openIdMetadataUrl: teams.metadataUrl,
      serviceHosts: [teams.host],
      authority: `https://${teams.host}`,
      credential: { getToken: async () => ({ token: 'bot-token', expiresOnTimestamp: Date.now() + 3_600_000 }) },
      cards: fileURLToPath(new URL('../../cards', import.meta.url)),
      rehearsal: false,
      conversations,
      log: silentLog(),
    },
    stop.signal,
  );
  const { notifier } = channel;
  const people = { without: new Set<string>(), demoted: new Set<string>(), isUnreadable: false };
  const roles = {
    actor: async (person: Person): Promise<Actor> => {
      if (people.isUnreadable) throw new RolesUnavailableError('down', { operation: 'look up', next: '' });
      const usual = people.demoted.has(person.objectId)
        ? (['requester'] as const)
        : (['requester', 'approver'] as const);
      const held = people.without.has(person.objectId) ? [] : usual;
      return {
        ...person,
        roles: held,
        rings: held.length > 1 ? ['approvers'] : [],
        isGuest: false,
        freshSignInAt: null,
      };
    },
  };
  const options = {
    store,
    messages,
    letters,
    subscriptions,
    roles,
    policies: { current: async () => approvalPolicy(policyDocument()) },
    notifier,
    clock,
    operatorConversation: operators,
    log: silentLog(),
  };
  const delivery = new Delivery(options);
  const errors: unknown[] = [];
  const working = delivery.send(stop.signal, (error) => errors.push(error));
  await rememberAll(conversations, teams.serviceUrl);

  return {
    server,
    pool,
    url,
    teams,
    clock,
    /** Who has no role now, who may only ask, and whether that can be read at all. */
    people,
    store,
    messages,
    conversations,
    subscriptions,
    letters,
    notifier,
    options,
    delivery,
    errors,
    /** A request whose plan waits for a decision. */
    async request(change: Partial<ProvisioningRequest> = {}): Promise<ProvisioningRequest> {
      const request: ProvisioningRequest = {
        ...sampleRequest('c0000000-0000-4000-8000-000000000001', clock.now()),
        state: 'awaiting-approval',
        plan: samplePlan,
        conversation: THREAD,
        ...change,
      };
      await store.create(request, [], auditOf(request));
      return request;
    },
    /** The request moves on, as a transition would move it. */
    async move(request: ProvisioningRequest, change: Partial<ProvisioningRequest>): Promise<ProvisioningRequest> {
      const next = { ...request, ...change, revision: request.revision + 1 };
      await store.save(next, [], null);
      return next;
    },
    notice: (
      request: ProvisioningRequest,
      key: string,
      change: Partial<Notice> = {},
      audience: NoticeEffect['audience'] = 'thread',
    ) =>
      delivery.notice({
        kind: 'notice',
        id: `${request.id}:${key}:${audience}`,
        audience,
        notice: { ...plainNotice(request.id, key), ...change },
      }),
    /** Answers of Teams, by what is called; the usual one for everything else. */
    answers(answer: (call: ConnectorCall, conversation: string) => ConnectorAnswer | null): void {
      teams.answer = (call) => answer(call, conversationOf(call)) ?? {};
    },
    /** In the name of Ada unless told otherwise. */
    subscribe(conversation: string, topic: Topic, change: SubscriptionChange = {}): Promise<unknown> {
      const { by = ada, digest = null } = change;
      const entry = subscriptionEntry('subscribed', topic, by.tenantId, { actor: by });
      return subscriptions.put({ conversation, topic, digest, timeZone: null, by }, entry);
    },
    posts: () => teams.calls.filter(isPost).map(shown),
    /** Where something was posted, in order. */
    places: () => teams.calls.filter(isPost).map(conversationOf),
    edits: () => teams.calls.filter(({ method }) => method === 'PUT').map(shown),
    openLetters: () => openLetters(pool),
    /** Waits until everything addressed is sent. */
    sent: () => eventually(async () => (await openLetters(pool)) === 0),
    async clear(): Promise<void> {
      teams.answer = () => ({});
      people.without.clear();
      people.demoted.clear();
      people.isUnreadable = false;
      teams.calls.length = 0;
      // Whoever serves a box holds its row and still writes to its letters, so that letters must not be locked first.
      const boxes = 'select from switchyard.letter_boxes for update';
      await pool.query(`${boxes}; delete from switchyard.letters; delete from switchyard.letter_boxes`);
      await pool.query('delete from switchyard.subscriptions; delete from switchyard.outbox');
      await pool.query('update switchyard.conversations set gone = false');
      teams.calls.length = 0;
    },
    async stop(): Promise<void> {
      stop.abort();
      await working;
      await Promise.all([pool.end(), teams.stop()]);
      await server.stop();
    },
  };
}

interface SubscriptionChange {
  readonly by?: Actor;
  readonly digest?: Subscription['digest'];
}

export type DeliveryWorld = Awaited<ReturnType<typeof startDeliveryWorld>>;

function plainNotice(requestId: string, headline: string): Notice {
  return { kind: 'finished', requestId, headline, body: '', details: [], tone: 'neutral' };
}

async function rememberAll(conversations: PostgresConversationStore, serviceUrl: string): Promise<void> {
  const known = (key: string, scope: KnownConversation['scope'], personId: string | null = null) =>
    conversations.remember({ key, serviceUrl, tenantId: HOME, scope, personId, reference: {} });
  await known(MAIL_OPS, 'channel');
  await known(ALERTS, 'channel');
  await known(BUSY, 'channel');
  await known(BUSY_TOO, 'channel');
  await known(RITAS_CHAT, 'personal', '11111111-0000-4000-8000-000000000001');
  await known(ADAS_CHAT, 'personal', '11111111-0000-4000-8000-000000000011');
}

function isPost({ method, path }: ConnectorCall): boolean {
  return method === 'POST' && path.endsWith('/activities');
}

function conversationOf({ path }: ConnectorCall): string {
  return decodeURIComponent(path.split('/')[4] ?? '');
}

/** One message as people see it. */
function shown(call: ConnectorCall) {
  const { summary, channelData } = call.body;
  return {
    conversation: conversationOf(call),
    summary,
    alert: channelData !== undefined,
    text: JSON.stringify(call.body),
  };
}

async function openLetters(pool: pg.Pool): Promise<number> {
  const sql = 'select count(*)::integer as open from switchyard.letters where done_at is null';
  const { rows } = await pool.query<{ open: number }>(sql);
  return rows[0]?.open ?? 0;
}
