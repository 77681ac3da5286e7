import { distance } from 'fastest-levenshtein';
import type { Gateway } from '../gateway.ts';
import { barracudaUs } from './barracuda-us.ts';
import { cloudflare } from './cloudflare.ts';
import { exchangedefender } from './exchangedefender.ts';
import { generic } from './generic.ts';
import { hornetsecurity } from './hornetsecurity.ts';
import { mailprotector } from './mailprotector.ts';
import { mimecastUs } from './mimecast-us.ts';
import { proofpointEssentials } from './proofpoint-essentials.ts';
import { zix } from './zix.ts';

/** The catalogue of gateways: one file each, sorted by key. */
export const gateways: readonly Gateway[] = [
  barracudaUs,
  cloudflare,
  exchangedefender,
  generic,
  hornetsecurity,
  mailprotector,
  mimecastUs,
  proofpointEssentials,
  zix,
];

export type { Gateway } from '../gateway.ts';

/** The gateway that was named exactly, or the ones that may have been meant, best first. */
export type FoundGateway =
  | { readonly kind: 'found'; readonly gateway: Gateway }
  | { readonly kind: 'unknown'; readonly suggestions: readonly Gateway[] };

/**
 * Finds a gateway by key, name or alias. Case, spaces and punctuation do not matter; anything less exact is only a
 * suggestion to ask back with.
 */
export function findGateway(text: string): FoundGateway {
  const wanted = bare(text);
  const gateway = gateways.find((candidate) => namesOf(candidate).includes(wanted));
  if (gateway && wanted !== '') return { kind: 'found', gateway };
  const suggestions = gateways
    .map((candidate) => ({ candidate, away: Math.min(...namesOf(candidate).map((name) => howFar(wanted, name))) }))
    .filter(({ away }) => away <= 2)
    .toSorted((a, b) => a.away - b.away);
  return { kind: 'unknown', suggestions: suggestions.map(({ candidate }) => candidate) };
}

function namesOf({ key, name, aliases }: Gateway): readonly string[] {
  return [key, name, ...aliases].map(bare);
}

function bare(text: string): string {
  return text
    .slice(0, 200)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** Keystrokes between the two; a beginning of at least four letters counts as near. */
function howFar(wanted: string, name: string): number {
  if (wanted.length >= 4 && (name.startsWith(wanted) || wanted.startsWith(name))) return 0;
  return wanted.length < 4 ? Number.POSITIVE_INFINITY : distance(wanted, name);
}
