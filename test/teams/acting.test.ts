import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../src/core/errors.ts';
import { RolesUnavailableError } from '../../src/core/policy/role-source.ts';
import { questionerOf } from '../../src/teams/acting.ts';
import { parseActivity } from '../../src/teams/activity.ts';
import type { Edge } from '../../src/teams/edge.ts';
import { ada } from '../support/people.ts';

const activity = parseActivity({
  type: 'message',
  id: '1',
  channelId: 'msteams',
  serviceUrl: 'https://smba.trafficmanager.net/teams/',
  from: { id: '29:ada' },
  recipient: { id: '28:bot' },
  conversation: { id: '19:x' },
});

async function askedWhile(error: Error) {
  if (!activity) throw new Error('the activity is none');
  const roles: Edge['roles'] = { actor: () => Promise.reject(error) };
  return questionerOf({ roles, roster: null } as Edge, activity, ada);
}

describe('somebody whose rights cannot be read', () => {
  const away = new RolesUnavailableError('Graph is away.', { operation: 'x', next: 'Try again.' });

  it('may ask, and is refused with the reason wherever a right is looked at', async () => {
    const actor = await askedWhile(away);
    expect([actor.objectId, actor.name]).toEqual([ada.objectId, 'Ada']);
    expect(() => actor.roles).toThrow(away);
    expect(() => actor.rings).toThrow(away);
    expect(() => actor.isGuest).toThrow(away);
    expect(() => ({ ...actor })).toThrow(away);
  });

  it('is not asked about when something else is wrong', async () => {
    const other = new UnavailableError('x', { operation: 'x', next: '' });
    await expect(askedWhile(other)).rejects.toBe(other);
  });
});
