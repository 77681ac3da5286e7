/** What the macros of a record stand for (RFC 7208 §7.2). */
export interface MacroFacts {
  /** The whole envelope sender. */
  readonly sender: string;
  /** The domain whose record is read. */
  readonly domain: string;
  /** IPv4. */
  readonly address: string;
  readonly helo: string;
  /** The validated name of the server, `unknown` without one; asked only when a record wants it. */
  readonly serverName: () => string;
}

const MACRO = /%(?:(?<plain>[%_-])|\{(?<letter>[slodiphv])(?<digits>\d*)(?<turned>r?)(?<delimiters>[.+,/_=-]*)\})/giu;
const PLAIN: Readonly<Record<string, string>> = { '%': '%', _: ' ', '-': '%20' };
const LONGEST_NAME = 253;

/** Whether every % in a text begins a macro that may stand in a record. */
export function hasOnlyMacros(text: string): boolean {
  const isPartless = /%\{[a-z]0+r?[^}\d]*\}/iu.test(text);
  return !isPartless && !text.replaceAll(MACRO, '').includes('%');
}

/** The name a record asks about, lower case, cut from the left to what a name may be long. */
export function expandName(text: string, facts: MacroFacts): string {
  const name = expand(text, facts).toLowerCase().replace(/\.$/u, '');
  let labels = name.split('.');
  while (labels.length > 1 && labels.join('.').length > LONGEST_NAME) labels = labels.slice(1);
  return labels.join('.');
}

function expand(text: string, facts: MacroFacts): string {
  return text.replaceAll(MACRO, (...found) => {
    const groups: unknown = found.at(-1);
    return isMacro(groups) ? textFor(groups, facts) : '';
  });
}

interface Macro {
  readonly plain?: string;
  readonly letter?: string;
  readonly digits?: string;
  readonly turned?: string;
  readonly delimiters?: string;
}

function isMacro(groups: unknown): groups is Macro {
  return typeof groups === 'object' && groups !== null;
}

function textFor({ plain, letter = '', digits = '', turned = '', delimiters = '' }: Macro, facts: MacroFacts): string {
  if (plain !== undefined) return PLAIN[plain] ?? '';
  const value = meaning(letter.toLowerCase(), facts);
  const parts = value.split(
    delimiters === '' ? '.' : new RegExp(`[${delimiters.replaceAll('-', String.raw`\-`)}]`, 'u'),
  );
  const ordered = turned === '' ? parts : parts.toReversed();
  const kept = digits === '' ? ordered : ordered.slice(-Number(digits));
  const text = kept.join('.');
  return letter === letter.toLowerCase() ? text : encodeURIComponent(text);
}

function meaning(letter: string, { sender, domain, address, helo, serverName }: MacroFacts): string {
  const at = sender.lastIndexOf('@');
  switch (letter) {
    case 's':
      return sender;
    case 'l':
      return sender.slice(0, at);
    case 'o':
      return sender.slice(at + 1);
    case 'd':
      return domain;
    case 'i':
      return address;
    case 'p':
      return serverName();
    case 'h':
      return helo;
    default:
      return 'in-addr';
  }
}
