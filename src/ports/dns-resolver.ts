/** One mail exchanger of a domain. `exchange` is lower-case without a trailing dot; `''` is the null MX of RFC 7505. */
export interface MxRecord {
  readonly exchange: string;
  /** Preference of RFC 5321 §5.1: the lower number is tried first. */
  readonly preference: number;
}

/**
 * What one resolver answered to an MX question.
 * `answer` carries at least one record; `nodata` means the name exists without MX; `nxdomain` that it does not exist.
 * `servfail`, `refused` and `timeout` say nothing about the domain and must never be read as "no record".
 */
export interface MxView {
  /** The resolver asked, as `address:port`. */
  readonly resolver: string;
  readonly status: 'answer' | 'nodata' | 'nxdomain' | 'servfail' | 'refused' | 'timeout';
  /** Sorted by preference, then name. Empty unless `status` is `answer`. */
  readonly records: readonly MxRecord[];
  /** Seconds for which this resolver may keep giving this answer; 0 when it gave none. */
  readonly ttlSeconds: number;
}

/** Addresses of a host as one resolver sees them. */
export interface AddressView {
  readonly resolver: string;
  readonly status: MxView['status'];
  /** IPv4 addresses in dotted form. */
  readonly addresses: readonly string[];
}

/** TXT records of a name as one resolver sees them. */
export interface TextView {
  readonly resolver: string;
  readonly status: MxView['status'];
  /** One whole text per record, whatever strings it was cut into. Empty unless `status` is `answer`. */
  readonly texts: readonly string[];
}

/**
 * Questions to several independent DNS resolvers at once.
 * Every method settles within a few seconds and reports failures as views, it does not throw for them.
 */
export interface DnsResolver {
  /** One view per configured resolver, in configured order. */
  mx(domain: string, signal?: AbortSignal): Promise<readonly MxView[]>;
  /** IPv4 addresses of a host, following aliases; one view per configured resolver. */
  addresses(host: string, signal?: AbortSignal): Promise<readonly AddressView[]>;
  /** TXT records of a name, following aliases; one view per configured resolver. */
  texts(name: string, signal?: AbortSignal): Promise<readonly TextView[]>;
}
