import { type AddressSpan, areOverlapping, spanOf } from './address-span.ts';

/**
 * Addresses nothing on the internet can deliver from: the IANA special-purpose registry (RFC 6890), without the three
 * documentation blocks of RFC 5737, which examples and rehearsals need.
 */
const specialPurpose = spansOf([
  ['0.0.0.0/8', 'is reserved'],
  ['10.0.0.0/8', 'is private (RFC 1918)'],
  ['100.64.0.0/10', 'is shared address space of providers (RFC 6598)'],
  ['127.0.0.0/8', 'is loopback'],
  ['169.254.0.0/16', 'is link-local'],
  ['172.16.0.0/12', 'is private (RFC 1918)'],
  ['192.0.0.0/24', 'is reserved'],
  ['192.88.99.0/24', 'is reserved'],
  ['192.168.0.0/16', 'is private (RFC 1918)'],
  ['198.18.0.0/15', 'is for benchmarks (RFC 2544)'],
  ['224.0.0.0/4', 'is multicast'],
  ['240.0.0.0/4', 'is reserved'],
]);

/**
 * Exchange Online Protection's own senders (Microsoft, "Microsoft 365 URLs and IP address ranges", id 10). Every tenant
 * of Office 365 sends from them, so naming them in a lock would open it to all; EFSkipIPs refuses them.
 */
const microsoft = spansOf([
  ['40.92.0.0/15', ''],
  ['40.107.0.0/16', ''],
  ['52.100.0.0/14', ''],
  ['104.47.0.0/17', ''],
]);

/**
 * Why no mail can come from some of these addresses, as the end of a sentence; null when it can come from all of them.
 * One unusable address among many is enough.
 */
export function whyUnreachable(span: AddressSpan): string | null {
  const clash = specialPurpose.find((block) => areOverlapping(block.span, span));
  return clash ? `${clash.what} and never reaches Office 365` : null;
}

/** Whether Exchange Online itself sends from some of these addresses. */
export function isMicrosofts(span: AddressSpan): boolean {
  return microsoft.some((block) => areOverlapping(block.span, span));
}

function spansOf(blocks: readonly (readonly [block: string, what: string])[]) {
  return blocks.map(([block, what]) => {
    const span = spanOf(block);
    if (!span) throw new TypeError(`${block} is no block of addresses`);
    return { span, what };
  });
}
