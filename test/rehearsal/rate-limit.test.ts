import { describe, expect, it } from 'vitest';
import { RateLimit } from '../../src/rehearsal/teams/rate-limit.ts';

describe('rehearsal/teams/rate-limit', () => {
  it.each([
    [7, 100, 1],
    [8, 200, 1],
    [60, 300, 13],
    [1800, 1000, 1801],
  ])('lets %i sends pass at once every %i ms and no more', (count, everyMs, seconds) => {
    const limit = new RateLimit();
    const answers = Array.from({ length: count + 1 }, (_, index) => limit.take('thread', index * everyMs));

    expect(answers.findIndex((wait) => wait !== null)).toBe(count);
    expect(answers.at(-1)).toBeLessThanOrEqual(seconds);
  });

  it('lets thirty a second pass into all threads together', () => {
    const limit = new RateLimit();
    const answers = Array.from({ length: 31 }, (_, index) => limit.take(`thread ${index}`, index));

    expect(answers.filter((wait) => wait === null)).toHaveLength(30);
    expect(limit.take('one more', 1001)).toBeNull();
  });
});
