import { z } from 'zod/v4';
import { parseRanges } from './ip-ranges.ts';
import { isMicrosoftMx } from './mx.ts';

/**
 * How far the addresses of an entry can be relied on: `high` was published by the vendor and confirmed elsewhere,
 * `medium` rests on one source or an old one, `low` is a guess, `user` means that they have to be asked for.
 */
type Confidence = 'high' | 'medium' | 'low' | 'user';

/** What is publicly known about one e-mail security gateway. Always a proposal: shown with source and date, editable. */
export interface Gateway {
  /** Kebab-case, equals the file name; stored in set-ups, so it never changes. */
  readonly key: string;
  readonly name: string;
  /** Other names people use for it. Compared without case and punctuation. */
  readonly aliases: readonly string[];
  /** IPv4 addresses and blocks (no wider than /24) it delivers from. Empty only when they have to be asked for. */
  readonly ranges: readonly string[];
  /** Regular expressions over lower-case names of its mail exchangers. Empty only when they have to be asked for. */
  readonly mxPatterns: readonly string[];
  /** Names for `include:` in the SPF record of domains that send through it. */
  readonly spfIncludes: readonly string[];
  /** Hosts that take outbound mail, by name. */
  readonly smartHosts: readonly string[];
  /** Raised with every change of the entry; part of a plan's digest. */
  readonly version: string;
  /** Day on which the facts were last looked at, as YYYY-MM-DD. */
  readonly asOf: string;
  /** Of `ranges`, on which a lock depends. A plan that rests on less than `high` says so. */
  readonly confidence: Confidence;
  /** Where the facts come from, for people who want to check. */
  readonly sources: readonly string[];
  /** What an administrator has to know beside the values, one sentence each. */
  readonly quirks: readonly string[];
}

const range = z.string().superRefine((text, context) => {
  const parsed = parseRanges(text);
  if (!parsed.ok) return context.addIssue(parsed.reasons.join(' '));
  if (parsed.ranges[0] !== text) return context.addIssue(`${text} is not in canonical form`);
  if (/\/(?:1\d|2[0-3])$/u.test(text)) context.addIssue(`${text} is wider than /24; write its /24 blocks`);
});

const mxPattern = z.string().refine((source) => {
  const pattern = new RegExp(source, 'u');
  return (
    source.endsWith('$') && !pattern.test('contoso-com.mail.protection.outlook.com') && !pattern.test('contoso.com')
  );
}, 'must be anchored at the end and match neither Office 365 nor a stranger');

const hostName = z.string().regex(/^(?:[a-z\d](?:[a-z\d-]*[a-z\d])?\.)+[a-z]{2,}$/u);

const spfName = z.string().regex(/^(?:_?[a-z\d](?:[a-z\d-]*[a-z\d])?\.)+[a-z]{2,}$/u);

const sentence = z.string().regex(/^[A-Z].*\.$/u);

const schema = z
  .strictObject({
    key: z.string().regex(/^[a-z\d]+(?:-[a-z\d]+)*$/u),
    name: z.string().min(1),
    aliases: z.array(z.string().min(1)),
    ranges: z.array(range),
    mxPatterns: z.array(mxPattern),
    spfIncludes: z.array(spfName),
    smartHosts: z.array(hostName.refine((host) => !isMicrosoftMx(host))),
    version: z.string().regex(/^[1-9]\d*$/u),
    asOf: z.iso.date(),
    confidence: z.enum(['high', 'medium', 'low', 'user']),
    sources: z.array(z.string().min(1)).min(1),
    quirks: z.array(sentence),
  })
  .refine(
    ({ ranges, mxPatterns, confidence }) => confidence === 'user' || (ranges.length > 0 && mxPatterns.length > 0),
    'addresses and mail exchangers are missing',
  );

/**
 * Checks an entry of the catalogue while the program loads, so that a slip in one entry stops the start and not a
 * customer's mail. Throws an `Error` that names the entry and every fault.
 */
export function defineGateway(entry: Gateway): Gateway {
  const result = schema.safeParse(entry);
  if (result.success) return result.data;
  throw new Error(`Gateway ${entry.key}: ${z.prettifyError(result.error)}`);
}
