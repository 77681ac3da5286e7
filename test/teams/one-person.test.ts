import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ConnectorAnswer, HOME } from '../support/fake-teams.ts';
import { message, note, RITA, type RunningEdge, startEdge } from '../support/teams-edge.ts';

const key = '19:channel@thread.tacv2';
let edge: RunningEdge;

beforeAll(async () => {
  edge = await startEdge();
});

afterEach(() => edge.forget());

afterAll(() => edge.stop());

const refusal = (status: number, code: string): ConnectorAnswer => ({ status, body: { error: { code, message: '' } } });

describe('an answer to a person', () => {
  it.each<[string, ConnectorAnswer[]]>([
    ['Teams asks for six seconds', [{ status: 429, headers: { 'retry-after': '6' } }]],
    ['Teams refuses five times without saying for how long', Array.from({ length: 5 }, () => ({ status: 429 }))],
  ])(
    'is shown although %s',
    async (_why, refused) => {
      const calls = refused.length + 1;
      edge.teams.answer = () => refused.shift() ?? {};

      await edge.channel.notifier.reply({ conversation: key, serviceUrl: edge.teams.serviceUrl }, note('Answer'));

      expect(edge.teams.calls).toHaveLength(calls);
    },
    30_000,
  );
});

describe('the personal chat with a person', () => {
  const rita = { tenantId: HOME, objectId: RITA, name: 'Rita' };

  it('is the known one', async () => {
    const known = { key: 'a:rita', serviceUrl: edge.teams.serviceUrl, tenantId: HOME, scope: 'personal' } as const;
    edge.conversations.known.set('a:rita', { ...known, personId: RITA, reference: {} });

    expect(await edge.channel.notifier.personal(rita)).toBe('a:rita');
    edge.conversations.known.delete('a:rita');
  });

  it.each([
    [403, 'Forbidden'],
    [404, ''],
    [400, 'BadArgument'],
  ])('is null for somebody to whom Teams opens none (%i %s)', async (status, code) => {
    await edge.deliver(message(edge, 'help'));
    edge.teams.calls.length = 0;
    edge.teams.answer = () => refusal(status, code);

    expect(await edge.channel.notifier.personal(rita)).toBeNull();
    expect(edge.teams.calls).toMatchObject([{ path: '/teams/v3/conversations', body: { members: [{ id: RITA }] } }]);
  });
});
