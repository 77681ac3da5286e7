import { append, el } from './dom.js';

const INLINE = [
  { pattern: /\*\*([^\n]+?)\*\*/u, make: ([, text]) => el('strong', {}, inline(text)) },
  { pattern: /`([^`\n]+)`/u, make: ([, text]) => el('code', {}, restore(text)) },
  { pattern: /\[([^\]\n]+)\]\(([^)\s]+)\)/u, make: ([all, text, url]) => link(text, url) ?? restore(all) },
  { pattern: /(?<![\w*])[*_]([^*_\n]+)[*_](?![\w*])/u, make: ([, text]) => el('em', {}, inline(text)) },
];

const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: '\u00a0' };

/** The small part of Markdown that Teams shows, as nodes: nothing in the text can become markup. */
export function markdown(text) {
  const fragment = document.createDocumentFragment();
  let list = null;
  for (const line of hideEscapes(text).split(/\r?\n/u)) {
    const item = /^\s*(?:[-*•]|(\d+)\.)\s+(.*)$/u.exec(line);
    if (!item) {
      list = null;
      if (line.trim() !== '') fragment.append(el('p', {}, inline(line)));
      continue;
    }
    const tag = item[1] ? 'OL' : 'UL';
    if (list?.tagName !== tag) {
      list = el(tag, item[1] ? { start: item[1] } : {});
      fragment.append(list);
    }
    list.append(el('li', {}, inline(item[2])));
  }
  return fragment;
}

function inline(text) {
  const found = INLINE.map(({ pattern, make }) => ({ match: pattern.exec(text), make })).filter(({ match }) => match);
  if (found.length === 0) return restore(text);
  const first = found.reduce((best, one) => (one.match.index < best.match.index ? one : best));
  const { match } = first;
  const before = text.slice(0, match.index);
  const after = text.slice(match.index + match[0].length);
  return append(document.createDocumentFragment(), [restore(before), first.make(match), inline(after)]);
}

function link(text, url) {
  if (!/^https?:\/\//iu.test(restore(url))) return null;
  return el('a', { href: restore(url), target: '_blank', rel: 'noopener noreferrer' }, inline(text));
}

/** Escaped characters step aside as private-use letters, so that no pattern takes them for markup. */
function hideEscapes(text) {
  return text.replace(/\\([\\`*_{}[\]()#+\-.!>~|])/gu, (_, letter) =>
    String.fromCharCode(0xe000 + letter.charCodeAt(0)),
  );
}

function restore(text) {
  return text
    .replace(/[\ue000-\ue07f]/gu, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0xe000))
    .replace(/&(amp|lt|gt|quot|nbsp);/gu, (_, name) => ENTITIES[name])
    .replace(/&#(\d{1,6});/gu, (_, code) => String.fromCodePoint(Number(code)));
}
