import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Renderer } from '../../src/teams/render.ts';
import { note } from '../support/teams-edge.ts';

const cards = fileURLToPath(new URL('../fixtures/cards', import.meta.url));
const renderer = new Renderer({ cards, rehearsal: false, teamsIdOf: (id) => (id === 'rita' ? '29:rita' : undefined) });

function texts(content: Readonly<Record<string, unknown>>): unknown[] {
  return (content['body'] as { text: string }[]).map(({ text }) => text);
}

describe('a rendered card', () => {
  it('binds the model and says its summary beside the card', () => {
    const message = renderer.message(note('Plan', ['one', 'two']));

    expect(message.summary).toBe('Plan');
    expect(texts(message.attachments[0]?.content ?? {})).toEqual(['Plan', 'one', 'two']);
  });

  it('shows hostile data as it is and never evaluates it', () => {
    const data = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\u{E000}'));
    const hostile = fc.oneof(data, fc.constantFrom('${title}', '${1+1}', '${', '$${x}', '\\${x}', '${json(title)}'));
    fc.assert(
      fc.property(hostile, fc.array(hostile), (title, lines) => {
        expect(texts(renderer.content(note(title, lines)))).toEqual([title, ...lines]);
      }),
      { numRuns: 300 },
    );
  });

  it('fails when a binding finds no data', () => {
    const card = { template: 'forms/unbound', model: {}, summary: 'x' };

    expect(() => renderer.content(card)).toThrow('kept a binding');
  });

  it('fails for a template that does not exist', () => {
    expect(() => renderer.content({ ...note('x'), template: '../package' })).toThrow('no card template');
  });

  it('refreshes by itself only for known people who are listed', () => {
    const refreshing = renderer.content({ ...note('x'), refreshFor: ['rita', 'omar'] });

    expect(refreshing['refresh']).toMatchObject({ userIds: ['29:rita'] });
    expect(renderer.content({ ...note('x'), refreshFor: ['omar'] })).not.toHaveProperty('refresh');
    expect(renderer.content(note('x'))).not.toHaveProperty('refresh');
  });

  it('carries the word REHEARSAL everywhere in rehearsal', () => {
    const rehearsal = new Renderer({ cards, rehearsal: true });
    const message = rehearsal.message(note('Plan'));
    const content = message.attachments[0]?.content ?? {};

    expect(texts(content)).toEqual([expect.stringMatching(/^REHEARSAL/), 'Plan']);
    expect(content['fallbackText']).toBe('REHEARSAL. Plan');
    expect(message.summary).toBe('REHEARSAL · Plan');
  });

  it('leaves no trace of one card in the next', () => {
    renderer.content(note('first', ['a', 'b']));

    expect(texts(renderer.content(note('second')))).toEqual(['second']);
  });
});
