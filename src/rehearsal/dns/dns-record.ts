export type DnsRecordType = 'A' | 'AAAA' | 'CNAME' | 'MX' | 'NS' | 'PTR' | 'SOA' | 'TXT';

/** `data` in presentation form: an address, a name, `10 mx.example` for MX, the whole text for TXT. */
export interface DnsRecord {
  readonly name: string;
  readonly type: DnsRecordType;
  /** Seconds. */
  readonly ttl: number;
  readonly data: string;
}

/** What one resolver answers; `ttl` of the records is what is left of it in that resolver's cache. */
export interface DnsAnswer {
  readonly status: 'answer' | 'nodata' | 'nxdomain' | 'servfail';
  readonly records: readonly DnsRecord[];
}

/** Names compare without case and without the trailing dot. */
export function dnsName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
