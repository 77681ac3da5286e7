import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { RunningBot } from '../support/running-bot.ts';
import { answerTo, askFor, isProven, newTenant } from '../support/story.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

const ada = '11111111-0000-4000-8000-000000000011';

let bot: RunningBot;

beforeAll(async () => {
  bot = await RunningBot.start({ speed: 60 });
});

afterAll(() => bot?.stop());

it('a typed break glass shows the plan, and its button starts that plan, for those whom the policy names', async () => {
  const domain = await newTenant(bot, 'emergency');
  const change = await askFor(
    bot,
    `change policy breakGlass to {"people":["${ada}"],"groups":[],"answerWithinHours":4}`,
  );
  await bot.click('ben', change.cardId, 'approve');
  await bot.reads(change.cardId, /✓ Done\s+R-/u);
  const asked = await askFor(bot, `set up gateway exchangedefender for ${domain}`);

  const refused = await answerTo(bot, `break glass ${asked.id} because all mail is refused`, 'ben');
  expect(refused.text).toContain('you are not one');
  const shown = await answerTo(bot, `break glass ${asked.id} because all mail is refused`, 'ada');
  expect(shown.text).toContain('Nothing is started yet');
  expect(await bot.click('ben', shown.id, 'start-alone', { inputs: { reason: 'all mail is refused' } })).toMatchObject({
    outcome: 'error',
  });
  const started = await bot.click('ada', shown.id, 'start-alone', { inputs: { reason: 'all mail is refused' } });
  expect(started).toMatchObject({ outcome: 'card' });
  await bot.reads(asked.cardId, isProven);
});
