import type { TeamsActivity } from './activity.ts';
import { legible } from './legible.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  apos: "'",
  gt: '>',
  lt: '<',
  nbsp: ' ',
  quot: '"',
};

/**
 * What the person typed to us: without our mention, without markup, without anything quoted or forwarded,
 * white space collapsed, nothing that can be neither shown nor stored. Empty when nothing is left.
 */
export function commandText(activity: TeamsActivity): string {
  const quoting = isQuoting(activity);
  const text = quoting ? withoutBotMention(visibleText(htmlOf(activity), 'blockquote'), activity) : plainText(activity);
  return collapse(legible(text));
}

function htmlOf(activity: TeamsActivity): string {
  const html = activity.attachments.find(({ contentType }) => contentType === 'text/html')?.content;
  return typeof html === 'string' ? html : '';
}

function isQuoting(activity: TeamsActivity): boolean {
  return /<blockquote[\s>]/i.test(htmlOf(activity));
}

/** Whether somebody only called us by name: no words, nothing quoted, no form. */
export function isBareCall(activity: TeamsActivity): boolean {
  const onlyMarkup = activity.attachments.every(({ contentType }) => contentType === 'text/html');
  return onlyMarkup && activity.value === undefined && !isQuoting(activity) && collapse(plainText(activity)) === '';
}

/** Whether the bot is meant: always in a personal chat, elsewhere only when it is mentioned. */
export function addressesUs(activity: TeamsActivity): boolean {
  if (activity.conversation.conversationType === 'personal') return true;
  return activity.mentions.some(({ mentioned }) => mentioned.id === activity.recipient.id);
}

function plainText(activity: TeamsActivity): string {
  const ours = activity.mentions.filter(({ mentioned, text }) => mentioned.id === activity.recipient.id && text !== '');
  const bare = ours.reduce((text, { text: tag }) => text.replaceAll(tag, ' '), activity.text);
  const unquoted = bare.split('\n').filter((line) => !line.trimStart().startsWith('>'));
  return decodeEntities(withoutMentionTags(unquoted.join('\n')));
}

function withoutMentionTags(text: string): string {
  return text.replaceAll(/<\/?at(?: [^<>]*)?>/gi, '');
}

/** In the markup of a message a mention is only its name. */
function withoutBotMention(text: string, { recipient }: TeamsActivity): string {
  const trimmed = text.trimStart();
  return recipient.name !== '' && trimmed.startsWith(recipient.name) ? trimmed.slice(recipient.name.length) : trimmed;
}

/** The text of a piece of markup, leaving out everything inside one kind of element. One pass: markup is hostile. */
function visibleText(html: string, hiddenElement: string): string {
  let depth = 0;
  let text = '';
  for (const [index, piece] of html.split('<').entries()) {
    const end = index === 0 ? -1 : piece.indexOf('>');
    const name = index === 0 ? '' : tagName(piece);
    if (name === hiddenElement) depth += 1;
    if (name === `/${hiddenElement}`) depth = Math.max(0, depth - 1);
    if (depth === 0) text += `${name === '' ? '' : ' '}${piece.slice(end + 1)}`;
  }
  return decodeEntities(text);
}

function tagName(piece: string): string {
  return (/^\/?[a-z0-9]*/i.exec(piece)?.[0] ?? '').toLowerCase();
}

function decodeEntities(text: string): string {
  return text.replaceAll(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]{2,6});/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return ENTITIES[name.toLowerCase()] ?? whole;
    const hex = name[1]?.toLowerCase() === 'x';
    const code = Number.parseInt(name.slice(hex ? 2 : 1), hex ? 16 : 10);
    return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole;
  });
}

function collapse(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
