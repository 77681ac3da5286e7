/** An expression of .NET in the words that other engines have too; none, or one that nobody here can tell about. */
export type Reading =
  | { readonly kind: 'source'; readonly source: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'untold' };

const UNTOLD = Symbol('untold');
/** In the words of others; null for none. */
type Piece = string | null | typeof UNTOLD;

const ESCAPE = String.raw`\\(?:u[\dA-Fa-f]{4}|x[\dA-Fa-f]{2}|c[A-Za-z@[\]^_\\]|[pP]\{[^}]*\}|.)`;
const CLASS = String.raw`\[\^?\]?(?:\\.|[^\]\\])*\]`;
const GROUP = String.raw`\(\?(?:#[^)]*\)|<?[=!]|[<'][\w-]+[>']|[A-Za-z-]*[:)]|.)`;
const COUNT = String.raw`\{\d+(?:,\d*)?\}`;
const TOKENS = new RegExp([ESCAPE, CLASS, GROUP, COUNT, '.'].join('|'), 'gsu');
const IN_CLASS = new RegExp(`(${ESCAPE})(-?)|.`, 'gsu');

/** Anchors that look at no line, and what other engines have no sign for. */
const OWN_WORDS: Readonly<Record<string, string>> = {
  A: '(?-m:^)',
  z: '(?-m:$)',
  Z: '(?-m:\\n?$)',
  a: '\\x07',
  e: '\\x1b',
};

export function understood(pattern: string): Reading {
  const { options, rest } = /^\(\?(?<options>[ims]+)\)(?<rest>.*)$/su.exec(pattern)?.groups ?? {};
  if (options !== undefined && rest !== undefined) return understood(`(?${options}:${rest})`);
  const pieces = (pattern.match(TOKENS) ?? []).map(pieceOf);
  if (pieces.includes(null)) return { kind: 'none' };
  if (pieces.includes(UNTOLD)) return { kind: 'untold' };
  return { kind: 'source', source: pieces.join('') };
}

function pieceOf(token: string): Piece {
  if (token.startsWith('\\')) return escapeOf(token);
  if (token.startsWith('[')) return token.length > 1 ? classOf(token) : null;
  if (token.startsWith('(?')) return groupOf(token);
  return /^[\]{}]$/u.test(token) ? `\\${token}` : token;
}

/** Any sign that is no letter or digit may be escaped; of the letters only those that mean something. */
function escapeOf(token: string): Piece {
  const name = token.slice(1);
  if (name === '') return null;
  if (/^[ux]./su.test(name)) return literal(Number.parseInt(name.slice(1), 16));
  if (/^c./su.test(name)) return literal(name.charCodeAt(1) % 32);
  if (/^p\{Is/iu.test(name) || /^[G0]$/u.test(name)) return UNTOLD;
  if (/^(?:[bBdDsSwWtnrfvk1-9]|p\{.*)$/iu.test(name)) return token;
  if (/^[\p{L}\p{N}_]/u.test(name)) return OWN_WORDS[name] ?? null;
  return literal(name.codePointAt(0) ?? 0);
}

/** A character that stands for itself wherever it stands. */
function literal(code: number): string {
  return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : String.fromCodePoint(code);
}

/** A class may hold brackets, and a dash after `\w`; one that takes another class away is .NET's alone. */
function classOf(token: string): Piece {
  const [, open = '', body = ''] = /^(\[\^?)(.*)\]$/su.exec(token) ?? [];
  const pieces: Piece[] = [];
  let before = '';
  for (const [whole, escaped, dash = ''] of body.matchAll(IN_CLASS)) {
    if (whole === '[' && before === '-') return UNTOLD;
    if (escaped !== undefined) pieces.push(inClass(escaped, dash));
    else pieces.push(/^[[\]]$/u.test(whole) ? `\\${whole}` : whole);
    before = dash === '' ? whole : dash;
  }
  if (pieces.includes(null)) return null;
  return pieces.includes(UNTOLD) ? UNTOLD : `${open}${pieces.join('')}]`;
}

function inClass(escaped: string, dash: string): Piece {
  if (escaped === '\\b') return `\\x08${dash}`;
  const piece = /^\\[AzZBk1-9]$/u.test(escaped) ? null : escapeOf(escaped);
  if (typeof piece !== 'string') return piece;
  return /^\\[dswp]/iu.test(escaped) && dash !== '' ? `${piece}\\-` : `${piece}${dash}`;
}

function groupOf(token: string): Piece {
  if (token.startsWith('(?#')) return token.endsWith(')') ? '' : null;
  if (/^\(\?(?:<?[=!])$/u.test(token)) return token;
  const name = /^\(\?(?:<([\w-]+)>|'([\w-]+)')$/u.exec(token);
  if (name) return token.includes('-') ? UNTOLD : `(?<${name[1] ?? name[2]}>`;
  const options = /^\(\?([imnsx-]*)([:)])$/u.exec(token);
  if (!options) return /^\(\?[>(]$/u.test(token) ? UNTOLD : null;
  const [, letters = '', end = ''] = options;
  if (letters.includes('x')) return UNTOLD;
  const kept = letters.replaceAll('n', '').replace(/-$/u, '');
  return kept === '' && end === ')' ? '' : `(?${kept}${end}`;
}
