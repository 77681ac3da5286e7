import { describe, expect, it } from 'vitest';
import { MemorySwitchyard } from '../support/memory-switchyard.ts';

async function shown(text: string): Promise<Record<'workflows' | 'questions' | 'controls', number>> {
  const { model } = (await new MemorySwitchyard().say(text)).card;
  const count = (list: unknown): number => (Array.isArray(list) ? list.length : -1);
  const { workflows, questions, controls } = model;
  return { workflows: count(workflows), questions: count(questions), controls: count(controls) };
}

describe('help', () => {
  it('shows everything, or what has to do with a word', async () => {
    const all = await shown('help');
    expect(await shown('help break glass')).toEqual({ workflows: 0, questions: 0, controls: 1 });
    const subscribing = await shown('help “subscribe”');
    expect(subscribing.questions).toBeGreaterThanOrEqual(3);
    expect(subscribing.questions).toBeLessThan(all.questions);
    expect(await shown('help lock')).toMatchObject({ workflows: 2 });
  });

  it('shows everything for a word that nothing has to do with', async () => {
    expect(await shown('help xyzzy')).toEqual(await shown('help'));
  });
});
