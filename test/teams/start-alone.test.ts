import { expect, it } from 'vitest';
import { startAloneCardKey } from '../../src/core/break-glass.ts';
import { BUSY, type DeliveryWorld, THREAD, useDeliveryWorld } from '../support/delivery-world.ts';

let world: DeliveryWorld;
useDeliveryWorld((started) => {
  world = started;
});

it('a card that asks whether to start alone stays while that is possible, and then shows the outcome without buttons', async () => {
  const request = await world.request();
  const key = startAloneCardKey(request.id);
  await world.messages.rememberCard(request.id, { conversation: THREAD, messageId: 'm-1' });
  await world.messages.rememberCard(key, { conversation: BUSY, messageId: 'm-2' });
  const reminded = await world.move(request, {});
  await world.delivery.card(request.id);
  expect(world.edits().map(({ conversation }) => conversation)).toEqual([THREAD]);

  const denied = await world.move(reminded, { state: 'denied' });
  for (let times = 0; times < 2; times += 1) await world.delivery.card(denied.id);
  const replaced = world.edits().filter(({ conversation }) => conversation === BUSY);
  expect(replaced).toHaveLength(1);
  expect(replaced[0]?.text).toContain('Denied');
  expect(replaced[0]?.text).not.toContain('Action.Execute');
});

it('a card that asks whether to start alone and was deleted is forgotten', async () => {
  const request = await world.request();
  const key = startAloneCardKey(request.id);
  await world.messages.rememberCard(request.id, { conversation: THREAD, messageId: 'm-1' });
  await world.messages.rememberCard(key, { conversation: BUSY, messageId: 'm-2' });
  const { id } = await world.move(request, { state: 'cancelled' });
  world.answers((call, conversation) =>
    call.method === 'PUT' && conversation === BUSY
      ? { status: 404, body: { error: { code: 'ActivityNotFoundInConversation', message: '' } } }
      : null,
  );
  await world.delivery.card(id);
  expect(await world.messages.cardsOf(key)).toEqual([]);
});
