import { isIP } from 'node:net';

/** A resolver to ask. */
export interface DnsServerAddress {
  readonly address: string;
  readonly port: number;
}

class DnsServerAddressError extends Error {
  override readonly name = 'DnsServerAddressError';
  readonly code = 'dns-server-address';

  constructor(text: string) {
    super(
      `Cannot ask the resolver "${text}": not an IP address with an optional port. ` +
        'Write it as 192.0.2.53, 192.0.2.53:53 or [2001:db8::53]:53.',
    );
  }
}

/** Reads `address`, `address:port` or `[IPv6]:port`; the usual port is 53. */
export function dnsServerAddress(text: string): DnsServerAddress {
  const trimmed = text.trim();
  const bracketed = /^\[(?<address>[^\]]+)\](?::(?<port>\d{1,5}))?$/u.exec(trimmed)?.groups;
  const plain =
    isIP(trimmed) > 0 ? { address: trimmed } : /^(?<address>[\d.]+):(?<port>\d{1,5})$/u.exec(trimmed)?.groups;
  const { address = '', port = '53' }: Partial<Record<string, string>> = bracketed ?? plain ?? {};
  if (isIP(address) === 0 || Number(port) < 1 || Number(port) > 65_535) throw new DnsServerAddressError(text);
  return { address, port: Number(port) };
}
