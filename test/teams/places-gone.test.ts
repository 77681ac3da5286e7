import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { HOME } from '../support/fake-teams.ts';
import { message, type RunningEdge, startEdge } from '../support/teams-edge.ts';

const general = '19:general@thread.tacv2';
const mailOps = '19:mail-ops@thread.tacv2';
const elsewhere = '19:elsewhere@thread.tacv2';

let edge: RunningEdge;

beforeAll(async () => {
  edge = await startEdge();
});

beforeEach(async () => {
  edge.forget();
  for (const channel of [general, mailOps]) await hear(channel, general, { text: '<at>Switchyard</at> help' });
  await hear(elsewhere, elsewhere, { text: '<at>Switchyard</at> help' });
  await vi.waitFor(() => expect([...edge.conversations.known.keys()]).toHaveLength(3));
});

afterAll(() => edge.stop());

function hear(channel: string, team: string, change: object, data: object = {}): Promise<Response> {
  return edge.deliver(
    message(edge, '', {
      conversation: { id: channel, conversationType: 'channel', isGroup: true, tenantId: HOME },
      channelData: { tenant: { id: HOME }, channel: { id: channel }, team: { id: team }, ...data },
      ...change,
    }),
  );
}

it.each([
  ['is deleted', { type: 'conversationUpdate' }, { eventType: 'teamDeleted' }],
  ['is deleted for good', { type: 'conversationUpdate' }, { eventType: 'teamHardDeleted' }],
  ['removes the app', { type: 'installationUpdate', action: 'remove' }, {}],
  ['removes the bot', { type: 'conversationUpdate', membersRemoved: 'bot' }, { eventType: 'teamMemberRemoved' }],
])('a team that %s takes all its channels with it, and no other team’s', async (_what, change, data) => {
  const removed = 'membersRemoved' in change ? { membersRemoved: [recipientOf()] } : {};
  await hear(general, general, { ...change, ...removed }, data);
  await vi.waitFor(() => expect([...edge.conversations.known.keys()]).toEqual([elsewhere]), { timeout: 10_000 });

  // Whoever is heard from again is there again at once.
  await hear(mailOps, general, { text: '<at>Switchyard</at> help' });
  await vi.waitFor(() => expect(edge.conversations.known.has(mailOps)).toBe(true), { timeout: 10_000 });
});

it('a channel that is deleted goes alone', async () => {
  const data = { eventType: 'channelDeleted', channel: { id: mailOps } };
  await hear(general, general, { type: 'conversationUpdate' }, data);
  await vi.waitFor(() => expect(edge.conversations.known.has(mailOps)).toBe(false), { timeout: 10_000 });
  expect([...edge.conversations.known.keys()].toSorted()).toEqual([elsewhere, general].toSorted());
});

function recipientOf(): object {
  return (message(edge, '') as { readonly recipient: object }).recipient;
}
