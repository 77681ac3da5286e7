import { type Header, type MailMessage, withHeader, withoutHeaders } from './mail-message.ts';
import type { Network, Scanner } from './network.ts';

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
const ELSEWHERE = '203.0.113.99';

/** Takes mail only with the route header of a customer, and gives it back with its verdict instead. */
export function scan(network: Network, message: MailMessage): Scanned {
  const route = message.headers.find(({ name }) => ROUTE.test(name));
  const [, tenantId = '', direction = ''] = /^([0-9a-f-]{36});(in|out)$/iu.exec(route?.value ?? '') ?? [];
  const brand = ROUTE.exec(route?.name ?? '')?.groups?.['brand'];
  if (brand === undefined || tenantId === '') {
    return { kind: 'refused', why: '550 5.7.1 No route header of a customer of this service' };
  }
  const scanner = network.scanner(tenantId.toLowerCase());
  if (scanner.fault === 'down') return { kind: 'down' };
  const verdict = `${scanner.secret};${direction};${message.content === 'clean' ? 'clean' : 'spam'}`;
  const delivers = direction === 'out' && scanner.deliversOutgoing;
  return {
    kind: delivers ? 'delivers' : 'returns',
    tenantId: tenantId.toLowerCase(),
    message: stamped(message, scanner, { route: route?.name ?? '', name: `X-${brand}-Verdict`, verdict, delivers }),
    source: scanner.fault === 'wrong-address' ? ELSEWHERE : scanner.returnAddress,
    certificate: scanner.certificate,
  };
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
  const whole = scanner.fault === 'rewrites-body' ? { ...bare, dkim: null } : bare;
  return delivers || scanner.fault === 'no-stamp' ? whole : withHeader(whole, name, verdict);
}
