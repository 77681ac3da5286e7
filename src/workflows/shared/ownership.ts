import { literal } from '../../core/powershell-literal.ts';

/**
 * The mark in the `Comment` of every connector we made. Only a connector with our mark is changed or removed by us;
 * the gateway's key in it keeps two set-ups of one tenant apart.
 */
export function ownershipMark(gateway: string): string {
  return `[switchyard:${gateway}] Managed by Switchyard. Change it there, with an approval, not by hand.`;
}

/** The PowerShell line with which an administrator puts the mark back that somebody has edited away. */
export function markLine(name: string, gateway: string): string {
  return `Set-InboundConnector -Identity ${literal(name)} -Comment ${literal(ownershipMark(gateway))}`;
}

export function isOurs(comment: string, gateway?: string): boolean {
  return gateway === undefined ? comment.startsWith('[switchyard:') : comment.startsWith(`[switchyard:${gateway}]`);
}

/** The name under which our inbound connector of a gateway is found again. Exchange refuses `/` in names. */
export function connectorName(gatewayName: string): string {
  return `Switchyard - Inbound from ${gatewayName.replaceAll('/', ' ')}`.slice(0, 64).trim();
}
