import { BlockList, isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * Addresses that look public and are not: platform endpoints reachable from inside a cloud network, and ranges
 * that registries set aside. The library's own classes cover the rest.
 */
const denied = new BlockList();
denied.addAddress('168.63.129.16');
denied.addSubnet('192.0.0.0', 24);
denied.addSubnet('192.31.196.0', 24);
denied.addSubnet('192.52.193.0', 24);
denied.addSubnet('192.88.99.0', 24);
denied.addSubnet('192.175.48.0', 24);
denied.addSubnet('198.18.0.0', 15);

/**
 * Whether the probe may connect to this address: public unicast IPv4 in plain dotted form.
 * `allowLoopback` adds 127.0.0.0/8, for a rehearsal on the own machine.
 */
export function isProbeTarget(address: string, allowLoopback: boolean): boolean {
  // Shortened, octal and hexadecimal spellings end here.
  if (!isIPv4(address)) return false;
  const range = ipaddr.IPv4.parse(address).range();
  if (range === 'loopback') return allowLoopback;
  return range === 'unicast' && !denied.check(address);
}
