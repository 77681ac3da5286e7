/**
 * The id of the MTA-STS policy that a domain announces in the TXT records of `_mta-sts.<domain>`; null when senders see
 * none. Records that are something else are passed over, and two policies are as good as none. Source: RFC 8461 §3.1.
 */
export function mtaStsId(texts: readonly string[]): string | null {
  const records = texts.filter((text) => text.startsWith('v=STSv1;'));
  const [record, ...others] = records;
  if (record === undefined || others.length > 0) return null;
  return /;\s*id=(?<id>[A-Za-z0-9]{1,32})\s*(?:;|$)/u.exec(record)?.groups?.['id'] ?? null;
}
