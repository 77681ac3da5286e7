import { type Header, type MailMessage, withHeader, withoutHeaders } from './mail-message.ts';
import type { Network, Scanner } from './network.ts';

/** A message at its door, and the public address of the server that brings it. */
export interface Offered {
  readonly message: MailMessage;
  readonly source: string;
}

/** What the inline scanner makes of a message that an organisation sent it. */
export type Scanned =
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'down' }
  | {
      readonly kind: 'returns' | 'delivers';
      readonly tenantId: string;
      readonly message: MailMessage;
      readonly source: string;
      readonly certificate: readonly string[];
    };

const ROUTE = /^x-(?<brand>.+)-route$/iu;
const PORT = /^(?<tenantId>[0-9a-f-]{36})-(?<direction>in|out)\./iu;
const ELSEWHERE = '203.0.113.99';

/** What a customer's own server name and its route header say together. */
interface Route {
  readonly header: Header;
  readonly brand: string;
  readonly tenantId: string;
  readonly direction: string;
}

/**
 * Takes mail only from Office 365 and only with the route header of the customer whose server name it came to, and
 * gives it back with its verdict instead.
 */
export function scan(network: Network, host: string, { message, source }: Offered): Scanned {
  const route = routeOf(message, host);
  if (source !== network.microsoftEgress || route === null) {
    return { kind: 'refused', why: '550 5.7.1 No route header of a customer of this service' };
  }
  const { brand, tenantId, direction } = route;
  const scanner = network.scanner(tenantId);
  if (scanner.fault === 'down') return { kind: 'down' };
  const verdict = `${scanner.secret};${direction};${message.content === 'clean' ? 'clean' : 'spam'}`;
  const delivers = direction === 'out' && scanner.deliversOutgoing;
  return {
    kind: delivers ? 'delivers' : 'returns',
    tenantId,
    message: stamped(message, scanner, { route: route.header.name, name: `X-${brand}-Verdict`, verdict, delivers }),
    source: scanner.fault === 'wrong-address' ? ELSEWHERE : scanner.returnAddress,
    certificate: scanner.certificate,
  };
}

/** Null when no header names the customer and the way that the server name stands for. */
function routeOf({ headers }: MailMessage, host: string): Route | null {
  const { tenantId = '', direction = '' } = PORT.exec(host.toLowerCase())?.groups ?? {};
  if (tenantId === '') return null;
  const isRight = ({ name, value }: Header): boolean =>
    ROUTE.test(name) && value.toLowerCase() === `${tenantId};${direction}`;
  const header = headers.findLast(isRight);
  const brand = ROUTE.exec(header?.name ?? '')?.groups?.['brand'];
  return header && brand !== undefined ? { header, brand, tenantId, direction } : null;
}

interface Stamp {
  readonly route: Header['name'];
  readonly name: string;
  readonly verdict: string;
  readonly delivers: boolean;
}

/** Copies of its headers that came from outside go; nothing of them leaves when the message does. */
function stamped(message: MailMessage, scanner: Scanner, { route, name, verdict, delivers }: Stamp): MailMessage {
  const bare = withoutHeaders(message, [route, name]);
  const kept = scanner.fault === 'rewrites-body' ? { ...bare, dkim: null, arc: null } : bare;
  const { sealer } = scanner;
  const arc = sealer === null ? kept.arc : { sealer, isGenuine: message.arc?.isGenuine ?? false };
  const whole = { ...kept, arc };
  return delivers || scanner.fault === 'no-stamp' ? whole : withHeader(whole, name, verdict);
}
