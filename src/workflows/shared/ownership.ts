/**
 * The mark in the `Comment` of every connector we made. Only a connector with our mark is changed or removed by us;
 * the gateway's key in it keeps two set-ups of one tenant apart.
 */
export function ownershipMark(gateway: string): string {
  return `[switchyard:${gateway}] Managed by Switchyard. Change it there, with an approval, not by hand.`;
}

export function isOurs(comment: string, gateway?: string): boolean {
  return gateway === undefined ? comment.startsWith('[switchyard:') : comment.startsWith(`[switchyard:${gateway}]`);
}

/** The name under which our inbound connector of a gateway is found again. Exchange refuses `/` in names. */
export function connectorName(gatewayName: string): string {
  return `Switchyard - Inbound from ${gatewayName.replaceAll('/', ' ')}`.slice(0, 64).trim();
}
