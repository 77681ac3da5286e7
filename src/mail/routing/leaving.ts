import { fitOf } from './address-match.ts';
import type { RoutingRemote } from './types.ts';

/**
 * Whether what people's programs forward by themselves may leave for a domain: the closest remote domain says so, and
 * without one nothing forbids it. Null when nobody knows the remote domains. Source: Set-RemoteDomain,
 * AutoForwardEnabled.
 */
export function mayLeave(remotes: readonly RoutingRemote[] | null, domain: string): boolean | null {
  if (remotes === null) return null;
  const [closest] = remotes
    .map((remote) => ({ remote, fit: fitOf(remote.DomainName, domain) }))
    .filter(({ fit }) => fit >= 0)
    .toSorted((a, b) => b.fit - a.fit);
  return closest?.remote.AutoForwardEnabled ?? true;
}
