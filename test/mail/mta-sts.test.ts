import { describe, expect, it } from 'vitest';
import { mtaStsId } from '../../src/mail/mta-sts.ts';

describe('mail/mta-sts (RFC 8461 §3.1)', () => {
  it.each([
    [['v=STSv1; id=20160831085700Z;'], '20160831085700Z'],
    [['v=STSv1;id=1'], '1'],
    [['v=STSv1; x-more=a; id=7; '], '7'],
    [['v=spf1 -all', 'v=STSv1; id=2'], '2'],
    [[], null],
    [['v=STSv1; id=1;', 'v=STSv1; id=2;'], null],
    [['v=STSv10; id=1'], null],
    [['V=STSv1; id=1'], null],
    [['v=STSv1;'], null],
    [['v=STSv1; id='], null],
    [['v=STSv1; id=a-b'], null],
    [[`v=STSv1; id=${'a'.repeat(33)}`], null],
  ])('reads of %j the id %s', (texts, id) => {
    expect(mtaStsId(texts)).toBe(id);
  });
});
