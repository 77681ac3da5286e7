import { isIPv4 } from 'node:net';
import { spanOf } from '../../../mail/address-span.ts';
import { isMicrosofts, whyUnreachable } from '../../../mail/unusable-addresses.ts';

/** What may be sent as the value of a parameter. */
export type ParameterKind =
  | {
      readonly kind: 'flag';
      /** Whether PowerShell takes its value only after a colon. */
      readonly isSwitch: boolean;
    }
  | { readonly kind: 'choice'; readonly of: readonly string[] }
  | { readonly kind: 'choices'; readonly of: readonly string[] }
  | { readonly kind: 'integer'; readonly least: number; readonly most: number }
  | { readonly kind: 'number'; readonly of: readonly number[] }
  | { readonly kind: 'moment' }
  | { readonly kind: 'text'; readonly longest: number; readonly form: TextForm | null }
  | {
      readonly kind: 'texts';
      readonly most: number;
      /** Characters of each entry. */
      readonly longest: number;
      readonly form: TextForm | null;
      /** Whether entries can be added and removed without naming the others: `{ Add, Remove }`. */
      readonly merges: boolean;
    };

/** What a text must look like. `says` completes "… is sent with 'x', which must be". */
export interface TextForm {
  readonly fits: (value: string) => boolean;
  readonly says: string;
  /** Whether it may have line breaks and tabs. Default: false. */
  readonly hasLines?: boolean;
}

const LONGEST_TEXT = 1024;
/** More than the longest list any of our cmdlets takes (the connection filter's 1273). */
const LONGEST_LIST = 1300;

export const flag: ParameterKind = { kind: 'flag', isSwitch: false };
export const switched: ParameterKind = { kind: 'flag', isSwitch: true };
export const moment: ParameterKind = { kind: 'moment' };
export const wholeList: ParameterKind = { kind: 'choice', of: ['Unlimited'] };

export function choice(...of: readonly string[]): ParameterKind {
  return { kind: 'choice', of };
}

export function choices(...of: readonly string[]): ParameterKind {
  return { kind: 'choices', of };
}

export function integer(least: number, most: number): ParameterKind {
  return { kind: 'integer', least, most };
}

/** One of a few numbers. */
export function oneNumber(...of: readonly number[]): ParameterKind {
  return { kind: 'number', of };
}

export function text(form: TextForm | null = null, longest = LONGEST_TEXT): ParameterKind {
  return { kind: 'text', longest, form };
}

export function texts(form: TextForm | null = null, most = LONGEST_LIST): ParameterKind {
  return { kind: 'texts', most, longest: LONGEST_TEXT, form, merges: false };
}

/** A list of which single entries can be added and removed. */
export function mergedTexts(form: TextForm | null, most = LONGEST_LIST): ParameterKind {
  return { kind: 'texts', most, longest: LONGEST_TEXT, form, merges: true };
}

/** The same kind for a value that Exchange itself held: what it is stays, how it must look does not. */
export function asHeld(kind: ParameterKind): ParameterKind {
  switch (kind.kind) {
    case 'integer':
      return integer(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
    case 'text':
      return { ...kind, longest: Number.POSITIVE_INFINITY, form: anyForm(kind.form) };
    case 'texts':
      return {
        ...kind,
        most: Number.POSITIVE_INFINITY,
        longest: Number.POSITIVE_INFINITY,
        form: anyForm(kind.form),
      };
    default:
      return kind;
  }
}

function anyForm(form: TextForm | null): TextForm | null {
  return form && { ...form, fits: () => true };
}

const label = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?';
const domain = new RegExp(String.raw`^(?:${label}\.)+[a-z0-9-]{2,63}$`, 'iu');
const headerName = /^[!-9;-~]{1,64}$/u;

export const domainName: TextForm = {
  fits: (value) => domain.test(value),
  says: 'a domain, such as contoso.com',
};

/** Also in the form that connectors store: `smtp:*.contoso.com;1`. */
export const domainPattern: TextForm = {
  fits: (value) => {
    const bare = value.replace(/^smtp:/iu, '').replace(/;\d+$/u, '');
    return bare === '*' || domain.test(bare.replace(/^\*\./u, ''));
  },
  says: '*, *.contoso.com or contoso.com',
};

export const certificateName: TextForm = {
  fits: (value) => domain.test(value.replace(/^\*\./u, '')),
  says: 'a name in a certificate, such as mail.contoso.com or *.contoso.com',
};

/** What connectors take as addresses of senders. */
export const senderAddresses: TextForm = {
  fits: (value) => prefixOf(value) >= 24 && isReachable(value),
  says:
    'a public IPv4 address, or a block of them from /24 to /32: mail never comes from private, reserved or multicast ' +
    'ones. Name what the gateway shows to the internet',
};

/**
 * What enhanced filtering skips: hops on the internet in front of Office 365.
 *
 * Source: Microsoft, "Enhanced filtering for connectors": addresses, ranges and blocks, no private ones and none of its
 * own. It names no width. That 256 addresses are the most is our own caution with values that are new: who sends from a
 * skipped address is judged by the hop it claims to come from, so a wide one would let strangers choose their judge.
 */
export const skippedAddresses: TextForm = {
  fits: (value) => isFilterEntry(value) && isReachable(value) && !isOfMicrosoft(value),
  says:
    'a public IPv4 address, a block from /24 to /32, or a range of at most 256 addresses, all of them neither private, ' +
    'reserved, multicast nor of Office 365 itself (Exchange takes wider ones, Switchyard does not set them). Name what ' +
    'stands in front of Office 365, in parts where need be',
};

/** What rules take: blocks of every width, and ranges with a dash. */
export const addressRange: TextForm = {
  fits: (value) => spanOf(value) !== null,
  says: 'an IPv4 address, a block, or a range such as 192.0.2.1-192.0.2.9',
};

/** What the connection filter takes. */
export const filterAddresses: TextForm = {
  fits: isFilterEntry,
  says: 'an IPv4 address, a block from /24 to /32, or a range of at most 256 addresses; write wider ones in parts',
};

export const smartHost: TextForm = {
  fits: (value) => domain.test(value) || isIPv4(value.replace(/^\[(.+)\]$/u, '$1')),
  says: 'a host name or an IPv4 address',
};

export const objectName: TextForm = {
  fits: (value) => value === value.trim() && !value.includes('/') && value.length <= 64,
  says: 'a name of at most 64 characters, without a slash and without spaces at its ends',
};

export const mailAddress: TextForm = {
  fits: (value) => /^[^\s@<>"]{1,64}@[^\s@]+$/u.test(value) && domain.test(value.split('@')[1] ?? ''),
  says: 'a mail address',
};

export const header: TextForm = { fits: (value) => headerName.test(value), says: 'the name of a header' };

/** Exchange trims nothing here: a space at an end would make the word never match. */
export const word: TextForm = {
  fits: (value) => value === value.trim() && value.length <= 128,
  says: 'at most 128 characters without spaces at the ends',
};

/** What people write beside an object, in several lines if they like. */
export const remark: TextForm = { fits: () => true, says: 'a remark', hasLines: true };

export const bytes: TextForm = {
  fits: (value) => /^\d{1,12}$/u.test(value),
  says: 'a number of bytes',
};

export const rejectCode: TextForm = {
  fits: (value) => /^5\.7\.(?:1|9\d\d)$/u.test(value),
  says: '5.7.1, or from 5.7.900 to 5.7.999',
};

export const spoofedUser: TextForm = {
  fits: (value) => value === '*' || domain.test(value) || mailAddress.fits(value),
  says: 'a mail address, a domain, or *',
};

export const sendingInfrastructure: TextForm = {
  fits: (value) => value === '*' || domain.test(value) || prefixOf(value) === 24,
  says: 'a domain, an IPv4 block of exactly /24, or *',
};

export const guid: TextForm = {
  fits: (value) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu.test(value),
  says: 'an id like 00000000-0000-0000-0000-000000000000',
};

/** 0 to 32; −1 for what is neither an IPv4 address nor a block of them. */
function prefixOf(value: string): number {
  return value.includes('-') || spanOf(value) === null ? -1 : Number(value.split('/')[1] ?? 32);
}

function isFilterEntry(value: string): boolean {
  const span = spanOf(value);
  return span !== null && span.last - span.first < 256;
}

function isReachable(value: string): boolean {
  const span = spanOf(value);
  return span !== null && whyUnreachable(span) === null;
}

function isOfMicrosoft(value: string): boolean {
  const span = spanOf(value);
  return span !== null && isMicrosofts(span);
}
