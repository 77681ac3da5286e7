import { PostgresAuditTrail } from '../../src/adapters/store/postgres-audit-trail.ts';
import { verifyChain } from '../../src/core/audit/verify-chain.ts';
import type { Audience } from '../../src/core/notice.ts';
import type { ProvisioningRequest } from '../../src/core/request.ts';
import type { AuditEntry } from '../../src/core/store.ts';
import { noticeMarks } from '../../src/views/notice.ts';
import type { SeenMessage } from '../support/running-bot.ts';
import type { ChaosWorld } from './chaos-world.ts';
import { connector } from './kinds/held-by-tenant.ts';
import { storyKinds } from './kinds/index.ts';
import { checkMailPath } from './mail-path.ts';
import { cardOf, requestOf } from './stored.ts';
import { ofTenant, type Story } from './story.ts';

/** What was found wrong after a story, and messages that were shown twice because a process died while sending them. */
export interface Findings {
  readonly violations: readonly string[];
  readonly repeated: number;
}

interface Call {
  readonly where: string;
  readonly cmdlet?: string;
  readonly outcome: string;
  readonly atVirtual: string;
  readonly tenant: string;
  readonly tenantOfToken?: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** Sent when a decision takes long; on a busy machine it does. */
const causedByTime = /◷ (?:Reminder|More people are asked)$/u;
/** How long after its sending began a message may still be unknown to the bot that died. */
const inHandMs = 3000;

/** Compares what is stored, what the cloud's journal holds and what people see with what one approved run may leave. */
export async function check(world: ChaosWorld, story: Story): Promise<Findings> {
  const request = await requestOf(world, story.requestId);
  if (!request) return { violations: [`lost: request ${story.requestId} is gone`], repeated: 0 };
  const shown = await checkMessages(world, story);
  const violations = [
    ...checkRequest(request, story),
    ...(await checkWrites(world, story, request)),
    ...(await storyKinds[story.wish.kind].held(world, request)),
    ...(await checkAudit(world, story)),
    ...(await checkChain(world)),
    ...(await checkEngine(world, request)),
    ...(storyKinds[story.wish.kind].home === null ? await checkMailPath(world, story.wish.tenant) : []),
    ...(await checkStrangers(world, story)),
    ...shown.violations,
    ...checkOutput(world),
  ];
  return { violations: violations.map((one) => `${story.requestId} ${one}`), repeated: shown.repeated };
}

/** I1, I9: one other person approved exactly this plan. I4: it ended as it was meant to. */
function checkRequest({ state, decisions, requester, plan, outcome }: ProvisioningRequest, { wish }: Story): string[] {
  const [decision, ...more] = decisions;
  const wanted = storyKinds[wish.kind];
  const isAsWanted = state === wanted.state && outcome?.code === wanted.outcome;
  return [
    ...when(!isAsWanted, `I4: is ${state}: ${outcome?.code} ${outcome?.message}`),
    ...when(!decision || more.length > 0, `I1: has ${decisions.length} decisions`),
    ...when(decision?.by.objectId === requester.objectId, 'I9: was approved by who asked for it'),
    ...when(decision?.by.name.toLowerCase().startsWith(wish.approver) === false, 'I1: was approved by somebody else'),
    ...when(decision?.digest !== plan?.digest || decision?.voided === true, 'I1: was approved with another digest'),
  ];
}

/** I1, I2, I5, I8: each effect reached the tenant once, after the approval, on our object, with the tenant's token. */
async function checkWrites(world: ChaosWorld, story: Story, { decisions }: ProvisioningRequest): Promise<string[]> {
  const path = `journal?where=exchange${ofTenant(story.wish)}&since=${story.journalFrom}`;
  const calls = await world.control<Call[]>(path);
  const writes = calls.filter(({ cmdlet = '', outcome }) => !cmdlet.startsWith('Get-') && outcome === 'ok');
  const seen = writes.map(({ cmdlet, parameters = {} }) =>
    'Enabled' in parameters ? [cmdlet, parameters['Enabled']] : [cmdlet],
  );
  const approvedAt = decisions[0]?.at ?? '';
  const early = writes.filter(({ atVirtual }) => atVirtual < approvedAt);
  const foreign = writes.filter(({ parameters }) => (parameters?.['Identity'] ?? parameters?.['Name']) !== connector);
  const mixed = calls.filter((call) => call.tenantOfToken !== undefined && call.tenantOfToken !== call.tenant);
  return [
    ...when(!same(seen, storyKinds[story.wish.kind].writes), `I2: wrote ${JSON.stringify(seen)}`),
    ...when(early.length > 0, `I1: ${early.length} writes before the approval`),
    ...when(foreign.length > 0, `I8: wrote to something that is not ours: ${JSON.stringify(foreign)}`),
    ...when(mixed.length > 0, `I5: ${mixed.length} calls with another tenant's token`),
  ];
}

/** I7: every entry is as it was written, and none is missing. */
export async function checkChain(world: ChaosWorld): Promise<string[]> {
  const trail = new PostgresAuditTrail(world.pool);
  const head = await trail.head();
  const verdict = await verifyChain(() => trail.records({ upTo: head.seq }), { head });
  return verdict.intact ? [] : [`I7: ${verdict.explanation}`];
}

/** I6: intent before and outcome after each write, once each, in order. */
async function checkAudit(world: ChaosWorld, { requestId, wish }: Story): Promise<string[]> {
  const rows = await world.rows<{ entry: AuditEntry }>(
    `select entry from switchyard.audit where entry ->> 'requestId' = $1 and entry ->> 'outcome' = 'accepted' order by seq`,
    [requestId],
  );
  const actions = rows.map(({ entry }) => {
    const { step } = entry.detail;
    return typeof step === 'number' ? `${entry.action} ${step}` : entry.action;
  });
  const unasked = actions.filter((action) => action !== 'reminded' && action !== 'widened');
  return when(!same(unasked, storyKinds[wish.kind].audit), `I6: the audit trail says ${actions.join(', ')}`);
}

/** The engine ended every function of the request without an error. */
async function checkEngine(world: ChaosWorld, { id }: ProvisioningRequest): Promise<string[]> {
  const failed = await world.rows<{ run: string; status: string }>(
    `select workflow_uuid as run, status from dbos.workflow_status
     where workflow_uuid like $1 || ':%' and status <> 'SUCCESS'`,
    [id],
  );
  return when(failed.length > 0, `engine: ${JSON.stringify(failed)}`);
}

/** I3: one living card that shows the end. I10: every notice once, where it belongs. */
async function checkMessages(world: ChaosWorld, story: Story): Promise<Findings> {
  const { requestId, wish } = story;
  const said = await Promise.all(
    ['mail-ops', 'personal:rita', 'alerts'].map(async (conversation) =>
      (await world.messages(conversation))
        .filter(({ from, text }) => from.bot && text.includes(requestId))
        .map((message) => ({ ...message, conversation })),
    ),
  );
  // What the channel had delivered to a bot that died, it delivers once more under another id.
  const askedAgain = wasInHand(world, requestId, /^after creating the request/u);
  const ours = said.flat().filter(({ text }) => !(askedAgain && text.includes(`${requestId} asks for already`)));
  const living = ours.filter(({ text }) => new RegExp(`^${requestId} · `, 'mu').test(text));
  const cardId = await cardOf(world, requestId);
  const card = living.find(({ id }) => id === cardId);
  const notices = ours
    .filter(({ id }) => !living.some((one) => one.id === id))
    .flatMap((message) => labelsOf(message, requestId));
  const { headline, notices: expected } = storyKinds[wish.kind];
  const unasked = new Set(notices.filter((label) => !causedByTime.test(label)));
  const twice = notices.filter((label, index) => notices.indexOf(label) < index);
  const twiceMayBe = twice.filter((label) => wasInHand(world, requestId, noticePoint(label)));
  const cardsMayBe = wasInHand(world, requestId, /^before remembering the card|^after creating the request/u) ? 2 : 1;
  return {
    repeated: twiceMayBe.length + Math.max(0, Math.min(living.length, cardsMayBe) - 1),
    violations: [
      ...when(!card?.text.includes(headline), `I3: the living card reads ${card?.text.slice(0, 300) ?? 'nothing'}`),
      ...when(living.length > cardsMayBe, `I3: ${living.length} living cards`),
      ...when(!same([...unasked].toSorted(), expected.toSorted()), `I10: notices ${notices.join(', ')}`),
      ...when(twice.length > twiceMayBe.length, `I10: notices twice: ${twice.join(', ')}`),
    ],
  };
}

/** I10: nobody hears of it who neither asked nor is an operator, but for the one receipt of whoever decided. */
async function checkStrangers(world: ChaosWorld, { requestId }: Story): Promise<string[]> {
  const chats = ['personal:omar', 'personal:ada', 'personal:ben', 'personal:gus', 'personal:eve'];
  const said = await Promise.all(
    chats.map(async (conversation) =>
      (await world.messages(conversation))
        .filter(({ text }) => text.includes(requestId))
        .flatMap((message) => labelsOf({ ...message, conversation }, requestId)),
    ),
  );
  return said.flatMap((labels) => {
    const [label = '', ...more] = labels.filter(isReceipt);
    const mayBeTwice = wasInHand(world, requestId, noticePoint(label)) ? 1 : 0;
    return [
      ...labels.filter((one) => !isReceipt(one)).map((one) => `I10: ${one} was told`),
      ...when(more.length > mayBeTwice, `I10: ${label}, ${more.length + 1} times`),
    ];
  });
}

function isReceipt(label: string): boolean {
  return label.endsWith(noticeMarks.receipt) && /^personal:(ada|ben) /u.test(label);
}

/** I11: no secret is ever printed. Ends of the program that nobody ordered are findings too. */
export function checkOutput(world: ChaosWorld): string[] {
  const { BOT_APP_SECRET = '', WORKER_APP_SECRET = '' } = world.cloud.environment;
  const passwords = world.server ? [new URL(world.server.url).password] : [];
  return world.bots.flatMap((bot) => [
    ...[BOT_APP_SECRET, WORKER_APP_SECRET, ...passwords]
      .filter((secret) => secret !== '' && bot.output.includes(secret))
      .map(() => 'I11: a secret was printed'),
    ...bot.failures.splice(0),
  ]);
}

/**
 * The channel gives no way to find out whether a message arrived before a process died, so a message that was being
 * sent at that moment is sent again. That is the only excuse for showing one twice.
 */
export function wasInHand(world: ChaosWorld, requestId: string, point: RegExp): boolean {
  const began = world.orders.passes(requestId).filter((pass) => point.test(pass.point));
  const deaths = world.bots.flatMap((bot) => bot.deaths);
  return began.some(({ at }) => deaths.some((death) => death >= at && death - at < inHandMs));
}

/** A card of its own for one notice, or several that share one. */
function labelsOf({ conversation, text }: SeenMessage, requestId: string): string[] {
  const lines = text.split('\n');
  const shared = lines.filter((line) => line.endsWith(` · ${requestId}`));
  const labels = shared.length > 0 ? shared.map((line) => line.slice(0, -` · ${requestId}`.length)) : [lines[1] ?? ''];
  return labels.map((label) => `${conversation} ${label}`);
}

function noticePoint(label: string): RegExp {
  const kind = Object.entries(noticeMarks).find(([, mark]) => label.endsWith(mark))?.[0] ?? '';
  return new RegExp(`^before sending notice ${kind} to ${audienceOf(label)}`, 'u');
}

function audienceOf(label: string): Audience {
  if (label.startsWith('alerts')) return 'operators';
  if (label.endsWith(noticeMarks.receipt)) return 'decider';
  return label.startsWith('personal') ? 'requester' : 'thread';
}

function when(isWrong: boolean, what: string): string[] {
  return isWrong ? [what] : [];
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
