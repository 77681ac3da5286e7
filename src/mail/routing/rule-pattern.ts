import { RE2JS, RE2JSException } from 're2js';

/** Whether a text holds what a pattern describes; null when nobody can say. */
export type RulePattern = (text: string) => boolean | null;

/** More than addresses and rules need: RFC 5321 §4.5.3.1 allows an address of 320 characters. */
const longest = 1000;

/** RE2's time is in proportion to this as well; a pattern that somebody wrote for mail has some dozens. */
const largest = 500;

/**
 * Reads a regular expression of a transport rule. Anybody who sends mail chooses the text and every tenant its
 * patterns, and an engine that goes back and tries again can take hours for the wrong two; RE2 takes a time in
 * proportion to the length of the text. The answer is null for what RE2 does not have (back-references, looking
 * around), for what is no regular expression of this language but may be one of Exchange's, and for patterns and texts
 * that are too large. Case does not count. Throws nothing.
 */
export function rulePattern(source: string): RulePattern {
  const pattern = compiled(plain(source));
  if (pattern === null) return () => null;
  // One message is routed several times in a row, with and without a plan.
  let last: { readonly text: string; readonly is: boolean } | null = null;
  return (text) => {
    if (text.length > longest) return null;
    if (last?.text !== text) last = { text, is: pattern.test(text) };
    return last.is;
  };
}

/**
 * Exchange's dialect is .NET's, which lets every sign be escaped, has a dash after a class of its own stand for itself
 * (`[\w-.]`), and lets an expression begin by saying that case does not count, which it never does here.
 */
function plain(source: string): string {
  const hex = (sign: string): string => `\\x${sign.charCodeAt(0).toString(16)}`;
  return source
    .replace(/^\(\?i\)/u, '')
    .replaceAll(/\\([DSWdsw])-|\\([\s\S])/gu, (escaped: string, before?: string, sign = '') => {
      if (before !== undefined) return `\\${before}${hex('-')}`;
      return /[ !"#%&',:;<=>@`~-]/u.test(sign) ? hex(sign) : escaped;
    });
}

function compiled(source: string): RE2JS | null {
  if (source.length > longest || !isExpression(source)) return null;
  try {
    const pattern = RE2JS.compile(source, RE2JS.CASE_INSENSITIVE);
    return pattern.programSize() > largest ? null : pattern;
  } catch (error) {
    if (error instanceof RE2JSException) return null;
    throw error;
  }
}

/** RE2 has forms of its own that mean something else elsewhere. Making an expression only parses it. */
function isExpression(source: string): boolean {
  try {
    return new RegExp(source, 'iu').unicode;
  } catch {
    return false;
  }
}
