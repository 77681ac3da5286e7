import { describe, expect, it } from 'vitest';
import { ADAS_CHAT, ALERTS, type DeliveryWorld, RITAS_CHAT, useDeliveryWorld } from '../support/delivery-world.ts';
import { ada, rita } from '../support/people.ts';

let world: DeliveryWorld;
useDeliveryWorld((started) => {
  world = started;
});

/** Verbs of the buttons that the card has in each conversation. */
async function buttonsIn(places: readonly string[], requester = rita): Promise<Record<string, string[]>> {
  const request = await world.request({ conversation: RITAS_CHAT, requester });
  for (const [at, conversation] of places.entries()) {
    await world.messages.rememberCard(request.id, { conversation, messageId: `m-${at}` });
  }
  await world.delivery.card(request.id);
  return Object.fromEntries(
    world
      .edits()
      .map(({ conversation, text }) => [
        conversation,
        [...text.matchAll(/"verb":"([a-z-]+)"/gu)].map(([, verb = '']) => verb).filter((verb) => verb !== 'page'),
      ]),
  );
}

describe('a card in a chat with one person', () => {
  it('lets the requester cancel and an approver decide, while a channel has everything', async () => {
    expect(await buttonsIn([RITAS_CHAT, ADAS_CHAT, ALERTS])).toEqual({
      [RITAS_CHAT]: ['cancel'],
      [ADAS_CHAT]: ['approve', 'deny', 'cancel'],
      [ALERTS]: ['approve', 'deny', 'cancel'],
    });
    expect(world.edits()[0]?.text).toContain('an approver who neither asked for it nor caused it');
  });

  it('offers nothing to whoever has lost the role', async () => {
    world.people.without.add(ada.objectId);
    expect(await buttonsIn([RITAS_CHAT, ADAS_CHAT])).toMatchObject({ [ADAS_CHAT]: [] });
  });

  it('never offers the requester to decide, also while no roles can be read', async () => {
    world.people.isUnreadable = true;
    expect(await buttonsIn([RITAS_CHAT, ADAS_CHAT, ALERTS])).toMatchObject({
      [RITAS_CHAT]: ['cancel'],
      [ADAS_CHAT]: ['approve', 'deny', 'cancel'],
    });
  });
});
