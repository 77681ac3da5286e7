import { z } from 'zod/v4';
import { nameBehaviours, resolverBehaviours } from './dns-behaviour.ts';

const records = z.array(
  z.object({
    name: z.string(),
    type: z.enum(['A', 'AAAA', 'CNAME', 'MX', 'NS', 'PTR', 'SOA', 'TXT']),
    ttl: z.number(),
    data: z.string(),
  }),
);

const held = z.object({
  answer: z.object({ status: z.enum(['answer', 'nodata', 'nxdomain', 'servfail']), records }),
  until: z.number(),
});

/** The name servers as JSON can hold them. */
export const dnsMemory = z.object({
  zones: z.record(z.string(), records),
  /** By resolver, then by name and type. */
  held: z.record(z.string(), z.record(z.string(), held)),
  resolverBehaviours: z.record(z.string(), z.enum(resolverBehaviours)),
  nameBehaviours: z.record(z.string(), z.enum(nameBehaviours)),
});

export type DnsMemory = z.infer<typeof dnsMemory>;
