import { describe, expect, it } from 'vitest';
import type { ProvisioningRequest } from '../../src/core/request.ts';
import { pageCount } from '../../src/views/plan-pages.ts';
import { samplePlan } from '../../src/views/samples.ts';
import { BUSY, type DeliveryWorld, THREAD, useDeliveryWorld } from '../support/delivery-world.ts';

const untouched = Array.from({ length: 600 }, (_, at) => `The rule “Number ${at} of a large group” stays as it is.`);
const longPlan = { ...samplePlan, untouched };
const pages = pageCount(longPlan);
const isPage = /The whole plan – page (\d+) of (\d+)/u;

let world: DeliveryWorld;
useDeliveryWorld((started) => {
  world = started;
});

/** A request with its card in the thread. */
async function asked(change: Partial<ProvisioningRequest> = {}): Promise<ProvisioningRequest> {
  const request = await world.request({ plan: longPlan, ...change });
  await world.messages.rememberCard(request.id, { conversation: request.conversation, messageId: 'm-1' });
  return request;
}

function pagesPosted(): number[] {
  return world.posts().flatMap(({ text }) => Number(isPage.exec(text)?.[1] ?? []));
}

describe('a plan too long for its card', () => {
  it('is posted below it in full, once', async () => {
    const request = await asked();
    await world.delivery.card(request.id);
    await world.delivery.card(request.id);

    expect(pages).toBeGreaterThan(2);
    expect(pagesPosted()).toEqual(Array.from({ length: pages }, (_, at) => at + 1));
    expect(world.places()).toEqual(Array.from({ length: pages }, () => THREAD));
    const text = world
      .posts()
      .map((post) => post.text)
      .join('\n');
    for (const line of untouched) expect(text).toContain(line);
  });

  it('is posted again when it became another plan', async () => {
    const request = await asked();
    await world.delivery.card(request.id);
    await world.move(request, { planVersion: request.planVersion + 1 });
    await world.delivery.card(request.id);
    expect(pagesPosted()).toHaveLength(2 * pages);
  });

  it('goes on where the answer to a page was lost', async () => {
    const request = await asked({ conversation: BUSY });
    let posts = 0;
    world.answers((call) => {
      if (call.method !== 'POST') return null;
      posts += 1;
      return posts === 2 ? { instead: 'reset' } : null;
    });
    await expect(world.delivery.card(request.id)).rejects.toMatchObject({ code: 'unfinished' });
    await world.delivery.card(request.id);
    const again = Array.from({ length: pages - 1 }, (_, at) => at + 2);
    expect(pagesPosted()).toEqual([1, 2, ...again]);
  });

  it('holds up nothing for good where Teams refuses a page', async () => {
    const request = await asked();
    world.answers((call) => (call.method === 'POST' ? { status: 400, body: { error: { code: 'BadSyntax' } } } : null));
    await world.delivery.card(request.id);
    expect(world.edits()).toHaveLength(1);
  });
});

describe('a plan that fits on its card', () => {
  it('is nowhere else', async () => {
    const request = await asked({ plan: samplePlan });
    await world.delivery.card(request.id);
    expect(world.posts()).toEqual([]);
  });
});
