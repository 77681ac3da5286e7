import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ConnectorCall } from '../support/fake-teams.ts';
import { HOME } from '../support/fake-teams.ts';
import { click, message, RITA, type RunningEdge, startEdge } from '../support/teams-edge.ts';

const elsewhere = 'c0000000-0000-4000-8000-000000000001';
const stranger = '99999999-0000-4000-8000-000000000001';

let edge: RunningEdge;
let roster: Record<string, unknown> | 'down' = {};

beforeAll(async () => {
  edge = await startEdge({ asksWhoIsGuest: true });
  edge.teams.answer = ({ method }: ConnectorCall) => {
    if (method !== 'GET') return {};
    return roster === 'down' ? { status: 503, body: {} } : { status: 200, body: roster };
  };
});

afterEach(() => {
  edge.dispatcher.actions.length = 0;
  edge.dispatcher.messages.length = 0;
  edge.teams.calls.length = 0;
});

afterAll(() => edge?.stop());

let account = 0;

/** A click by an account that nobody has looked up before. */
async function clickBy(from: Record<string, unknown>, activity: Record<string, unknown> = {}): Promise<string> {
  account += 1;
  const sender = { id: `29:${account}`, name: 'Somebody', ...from };
  const response = await edge.deliver(click(edge, 'approve', {}, { from: sender, ...activity }));
  return response.text();
}

const member = { aadObjectId: RITA, tenantId: HOME, userRole: 'user' };

describe('who may act in a conversation', () => {
  it('is a member of the home tenant', async () => {
    roster = member;
    await clickBy({ aadObjectId: RITA });
    expect(edge.dispatcher.actions).toMatchObject([{ actor: { roles: ['requester'], isGuest: false } }]);
  });

  it.each([
    ['a guest', { ...member, userRole: 'guest' }],
    ['somebody of another organisation in a shared channel', { ...member, tenantId: elsewhere }],
    ['somebody of whom the channel says nothing', {}],
    ['an account that the channel knows as another person', { ...member, aadObjectId: stranger }],
    ['an anonymous visitor of a meeting', { userRole: 'anonymous', tenantId: HOME, aadObjectId: RITA }],
  ])('is not %s, though the activity names somebody with a role', async (_who, known) => {
    roster = known;
    await clickBy({ aadObjectId: RITA });
    expect(edge.dispatcher.actions).toMatchObject([{ actor: { roles: [], rings: [], isGuest: true } }]);
  });

  it.each([
    [
      'a federated chat, whose tenant is another',
      { conversation: { id: 'x', conversationType: 'personal', tenantId: elsewhere } },
    ],
    ['an activity that names two tenants', { channelData: { tenant: { id: elsewhere } } }],
  ])('is nobody in %s', async (_where, activity) => {
    roster = member;
    expect(await clickBy({ aadObjectId: RITA }, activity)).toContain('Only people of the organisation');
    expect(edge.dispatcher.actions).toEqual([]);
  });

  it.each([
    ['an app', { id: '28:other-app', aadObjectId: RITA, role: 'bot' }],
    ['somebody without an Entra identity', { aadObjectId: undefined }],
    ['somebody whose id is none', { aadObjectId: 'rita' }],
  ])('is never %s', async (_who, from) => {
    roster = member;
    expect(await clickBy(from)).toContain('Only people of the organisation');
    expect(edge.dispatcher.actions).toEqual([]);
  });

  it('is nobody with a role while the channel does not tell, and the person is told to try again', async () => {
    roster = 'down';
    expect(await clickBy({ aadObjectId: RITA })).toMatch(/who is a guest.*Try again/u);
    expect(edge.dispatcher.actions).toEqual([]);
    roster = member;
    account -= 1;
    await clickBy({ aadObjectId: RITA });
    expect(edge.dispatcher.actions).toMatchObject([{ actor: { roles: ['requester'] } }]);
  });

  it('is asked once for many clicks, and not at all for people without a role', async () => {
    roster = member;
    await clickBy({ aadObjectId: RITA });
    account -= 1;
    await clickBy({ aadObjectId: RITA });
    await clickBy({ aadObjectId: stranger });
    expect(edge.teams.calls.filter(({ method }) => method === 'GET')).toHaveLength(1);
  });

  it('holds for typed messages as well', async () => {
    roster = { ...member, userRole: 'guest' };
    await edge.deliver(
      message(edge, 'lock down contoso.com', { from: { id: '29:typed', name: 'Gus', aadObjectId: RITA } }),
    );
    expect(edge.dispatcher.messages).toMatchObject([{ actor: { roles: [], isGuest: true } }]);
  });
});
