import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseActivity, type TeamsActivity } from '../../src/teams/activity.ts';
import { commandText } from '../../src/teams/text.ts';

const bot = { id: '28:bot', name: 'Switchyard' };

function activity(text: string, html?: string): TeamsActivity {
  const parsed = parseActivity({
    type: 'message',
    id: '1',
    channelId: 'msteams',
    serviceUrl: 'https://x/',
    from: { id: '29:rita' },
    recipient: bot,
    conversation: { id: 'c' },
    text,
    entities: [
      { type: 'mention', mentioned: bot, text: '<at>Switchyard</at>' },
      { type: 'mention', mentioned: { id: '29:ada' }, text: '<at>Ada</at>' },
      { type: 'clientInfo' },
      null,
    ],
    attachments: html === undefined ? [] : [{ contentType: 'text/html', content: html }],
  });
  if (!parsed) throw new Error('not an activity');
  return parsed;
}

const mention = '<span itemtype="http://schema.skype.com/Mention" itemscope="">Switchyard</span>&nbsp;';
const quote = (kind: string, text: string): string =>
  `<blockquote itemscope="" itemtype="http://schema.skype.com/${kind}" itemid="1"><strong>Rita</strong><p>${text}</p></blockquote>`;

describe('the text of a command', () => {
  it.each([
    ['<at>Switchyard</at>&nbsp;lock down contoso.com', 'lock down contoso.com'],
    ['<at>Switchyard</at> lock&nbsp;&nbsp;down\r\n contoso.com  ', 'lock down contoso.com'],
    ['lock down contoso.com <at>Switchyard</at>', 'lock down contoso.com'],
    ['<at>Switchyard</at> ask <at>Ada</at> first', 'ask Ada first'],
    ['status &amp; &#104;ealth &#x68;', 'status & health h'],
    ['a &lt;b&gt; c', 'a <b> c'],
    ['&amp;lt;', '&lt;'],
    ['&#0; &#9999999; &bogus;', '&#0; &#9999999; &bogus;'],
    ['\u00a0status\u2003', 'status'],
    ['half &#xD83D; and &#55357; and \ud83d', 'half \ufffd and \ufffd and \ufffd'],
    ['whole &#xD83D;&#xDE00; and 😀', 'whole 😀 and 😀'],
    ['nul \0 bell&#7; \u0085 end', 'nul bell end'],
    ['> lock down contoso.com\n\nwhy?', 'why?'],
    ['> lock down contoso.com', ''],
    ['', ''],
  ])('of “%s” is “%s”', (text, expected) => {
    expect(commandText(activity(text))).toBe(expected);
  });

  it('keeps characters that only look like others', () => {
    expect(commandText(activity('lock down c\u043entoso.com\u200b'))).toBe('lock down c\u043entoso.com\u200b');
  });

  it.each(['Reply', 'Forward'])('leaves out what was quoted as %s', (kind) => {
    const html = `${quote(kind, 'lock down contoso.com')}<p>${mention}no, wait &amp; see</p>`;

    expect(commandText(activity('lock down contoso.com no, wait & see', html))).toBe('no, wait & see');
  });

  it('is empty when there is nothing but quotes, also nested ones', () => {
    const html = quote('Reply', `x</p>${quote('Forward', 'lock down a.com')}<p>lock down b.com`);

    expect(commandText(activity('lock down b.com', html))).toBe('');
  });

  it('stays hidden when a quote is never closed', () => {
    expect(commandText(activity('x', '<blockquote><p>lock down contoso.com</p>'))).toBe('');
  });

  it('is found in little time whatever the markup', () => {
    const started = performance.now();
    for (const piece of ['<blockquote', '<blockquote >', '<', '&', '<at', '<at>', '</at ', '\n> ', ' ']) {
      const text = piece.repeat(250_000 / piece.length);
      commandText(activity(text));
      commandText(activity('x', `<blockquote>${text}`));
    }

    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('never has edges or runs of white space', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(commandText(activity(text))).not.toMatch(/^\s|\s$|\s\s/);
      }),
    );
  });
});
