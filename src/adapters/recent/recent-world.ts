import type { ObjectRef } from '../../core/change.ts';
import type { World } from '../../ports/world.ts';
import { recentExchange } from './recent-exchange.ts';
import type { RecentReads } from './recent-reads.ts';

/**
 * The same world, whose reads may be answered from what was asked at `since()` or later. What we keep ourselves is never
 * old, and messages are always asked for: they come all the time.
 */
export function recentWorld(
  world: World,
  reads: RecentReads,
  since: () => number,
  next: ObjectRef | null = null,
): World {
  const { exchange, directory, dns, smtp } = world;
  return {
    ...world,
    exchange: recentExchange(exchange, reads, since, next),
    directory: {
      mailHost: (domain, signal) =>
        reads.answer(`mail host ${domain}`, since(), (shared) => directory.mailHost(domain, shared), signal),
      messageTraces: (filter, signal) => directory.messageTraces(filter, signal),
    },
    dns: {
      mx: (domain, signal) => reads.answer(`MX ${domain}`, since(), (shared) => dns.mx(domain, shared), signal),
      addresses: (host, signal) => reads.answer(`A ${host}`, since(), (shared) => dns.addresses(host, shared), signal),
      texts: (name, signal) => reads.answer(`TXT ${name}`, since(), (shared) => dns.texts(name, shared), signal),
    },
    smtp: {
      egressAddresses: smtp.egressAddresses,
      probe: (request, signal) => {
        const { host, address, from, to } = request;
        const question = `SMTP ${JSON.stringify([host, address, from, to])}`;
        return reads.answer(question, since(), (shared) => smtp.probe(request, shared), signal);
      },
    },
  };
}
