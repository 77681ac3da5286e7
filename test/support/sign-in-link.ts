import { expect } from 'vitest';
import type { ClickAnswer } from './running-bot.ts';

/** The address behind the button that only the person who clicked sees. */
export function signInLinkIn({ outcome, text, body }: ClickAnswer): string {
  expect([outcome, text]).toEqual(['card', '']);
  const { value } = body as { value: { actions: { type: string; url?: string }[] } };
  return value.actions.find(({ type }) => type === 'Action.OpenUrl')?.url ?? '';
}
