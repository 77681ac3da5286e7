import { describe, expect, it } from 'vitest';
import type { ProvisioningRequest } from '../../src/core/request.ts';
import { requestCard } from '../../src/views/request-card.ts';
import { samplePause, sampleRequest, sampleRequester, sampleTakeBack } from '../../src/views/samples.ts';
import { type CardNode, expand, ofType, runsOf } from './expand.ts';

const now = new Date('2026-11-21T14:12:00Z');
const hold = { by: sampleRequester, at: '2026-11-21T14:10:00Z', until: '2026-11-22T14:10:00Z', reason: 'it is tested' };
const stuck = {
  ...samplePause,
  by: null,
  code: 'tenant-access',
  reason: 'The consent was withdrawn.',
  next: 'An administrator of that tenant grants it again.',
};

function shown(more: Partial<ProvisioningRequest>, buttons = true): CardNode {
  return expand(requestCard({ ...sampleRequest, state: 'running', ...more }, now, { buttons }));
}

function buttonsOf(card: CardNode): unknown[] {
  return ofType(card, 'Action.Execute').map(({ title }) => title);
}

const textOf = (card: CardNode): string => runsOf(card).join(' ');

describe('the card of a run', () => {
  it.each<[string, Partial<ProvisioningRequest>, string[]]>([
    ['runs', {}, ['Pause', 'Stop and roll back']],
    ['is paused by a person', { pause: samplePause }, ['Resume', 'Stop and roll back']],
    ['is paused by itself', { pause: stuck }, ['Try again', 'Stop and roll back']],
    ['is overdue', { takeBack: sampleTakeBack }, ['Hold', 'Pause', 'Stop and roll back']],
    ['is held', { takeBack: { ...sampleTakeBack, hold } }, ['Release', 'Pause', 'Stop and roll back']],
    ['takes back', { takeBack: { ...sampleTakeBack, begun: true } }, ['Pause', 'Stop and roll back']],
    ['is being stopped', { stopRequestedBy: sampleRequester, takeBack: sampleTakeBack }, ['Pause']],
    ['is taken back once more', { state: 'undoing' }, ['Pause']],
    ['could not be taken back', { state: 'undo-failed' }, ['Try the undo again']],
  ])('that %s has just the buttons that do something', (_what, more, titles) => {
    expect(buttonsOf(shown(more))).toEqual(titles);
    expect(buttonsOf(shown(more, false))).toEqual([]);
  });

  it('says who paused it, since when, why, and what that means for the proof', () => {
    const text = textOf(shown({ pause: samplePause }));
    expect(text).toContain('Paused by Ada Okafor since');
    expect(text).toContain('“the vendor is on the phone”');
    expect(text).toContain('its deadline moves by as long as the run stands still');
    expect(textOf(shown({ pause: samplePause, proofs: [] }))).not.toContain('deadline moves');
  });

  it('says what stopped it, and what to do before it is tried again', () => {
    const text = textOf(shown({ pause: stuck }));
    expect(text).toContain('The consent was withdrawn.');
    expect(text).toContain('What to do: An administrator of that tenant grants it again.');
    expect(text).toContain('presses Try again');
  });

  it('announces when changes are taken back, and asks whoever holds them why', () => {
    const card = shown({ takeBack: sampleTakeBack });
    expect(textOf(card)).toMatch(/Will be taken back at .*16:20.* unless somebody holds it/u);
    expect(ofType(card, 'Input.Text').map(({ id }) => id)).toEqual(['reason']);
    expect(ofType(shown({}), 'Input.Text')).toEqual([]);
  });

  it('says who holds the changes, why and until when', () => {
    const text = textOf(shown({ takeBack: { ...sampleTakeBack, hold } }));
    expect(text).toContain('Held by Rita Moreno');
    expect(text).toContain('“it is tested”');
    expect(text).toContain('The proof is looked for until');
  });

  it('shows names and reasons as text and nothing else', () => {
    const by = { ...sampleRequester, name: '[x](https://evil.example) {{DATE(2026-01-01T00:00:00Z)}}' };
    const card = shown({ pause: { ...samplePause, by, reason: '<at>all</at> ${x}' } });
    expect(JSON.stringify(ofType(card, 'TextBlock'))).not.toContain('evil');
    expect(textOf(card)).not.toContain('{{DATE(2026-01-01');
    expect(textOf(card)).not.toContain('<at>');
  });
});
