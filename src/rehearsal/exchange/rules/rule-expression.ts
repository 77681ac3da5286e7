import { createContext, Script } from 'node:vm';
import { RE2JS } from 're2js';
import { understood } from './rule-dialect.ts';

/** Whether a text holds what a pattern describes; null when the rehearsal cannot tell. */
export type Expression = (text: string) => boolean | null;

/** The time of a search grows with both. */
const LARGEST_PROGRAM = 2000;
const LONGEST_TEXT = 20_000;

const known = new Map<string, Expression | null>();
const MOST_KNOWN = 1000;

/**
 * How Exchange reads a pattern of a rule: rules are checked and run by the same. Null for what is no regular
 * expression at all.
 */
export function ruleExpression(pattern: string): Expression | null {
  const read = known.get(pattern);
  if (read !== undefined) return read;
  if (known.size >= MOST_KNOWN) known.clear();
  const expression = expressionOf(pattern);
  known.set(pattern, expression);
  return expression;
}

function expressionOf(pattern: string): Expression | null {
  const reading = understood(pattern);
  if (reading.kind === 'none') return null;
  if (reading.kind === 'untold') return () => null;
  const linear = inLinearTime(reading.source);
  if (linear) return (text) => (text.length > LONGEST_TEXT ? null : linear.test(text));
  return isExpression(reading.source) ? (text) => searched(reading.source, text) : null;
}

/** Null for what looks around or refers back, and for what is too large. */
function inLinearTime(source: string): RE2JS | null {
  try {
    const expression = RE2JS.compile(source, RE2JS.CASE_INSENSITIVE);
    return expression.programSize() > LARGEST_PROGRAM ? null : expression;
  } catch {
    return null;
  }
}

function isExpression(source: string): boolean {
  try {
    return new RegExp(source, 'iu').unicode;
  } catch {
    return false;
  }
}

const scene = createContext({});
const search = new Script('new RegExp(source, "iu").test(text)');
/** Real milliseconds. Some expressions take hours for some texts, and nothing else would be served meanwhile. */
const LONGEST_SEARCH = 500;

function searched(source: string, text: string): boolean | null {
  try {
    Object.assign(scene, { source, text });
    return search.runInContext(scene, { timeout: LONGEST_SEARCH }) === true;
  } catch {
    return null;
  }
}
