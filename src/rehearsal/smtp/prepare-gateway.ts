import { hostAddresses } from '../dns/dns-seed.ts';
import type { World } from '../world.ts';

/** What an administrator does at the gateway before the MX moves there: its servers learn to accept the domain. */
export function prepareGateway(world: World, domain: string): void {
  const hosts = world.dns.authority(domain, 'MX').map(({ data }) => data.split(/\s+/u)[1] ?? '');
  const addresses = hosts.flatMap((host) => world.dns.authority(host, 'A')).map(({ data }) => data);
  if (addresses.includes(hostAddresses.gateways)) world.smtp.serve(hostAddresses.gateways, domain);
}
