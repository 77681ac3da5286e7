import type { SetUp } from '../../src/core/set-up.ts';
import type { World } from '../../src/ports/world.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeDirectory } from './fake-directory.ts';
import { FakeDns, type FakeMx } from './fake-dns.ts';
import { FakeExchange, type FakeExchangeSeed } from './fake-exchange.ts';
import { FakeSmtp, type FakeSmtpAnswer } from './fake-smtp.ts';
import { MemoryPolicies } from './memory-policies.ts';

export interface FakeWorldSeed extends FakeExchangeSeed {
  readonly tenant?: { readonly id: string; readonly name: string };
  /** MX answers by domain. */
  readonly dns?: Readonly<Record<string, FakeMx>>;
  readonly resolvers?: readonly string[];
  /** Answers by host name or address. */
  readonly smtp?: Readonly<Record<string, FakeSmtpAnswer>>;
  readonly setUps?: readonly SetUp[];
}

/** A world whose parts can be told what to do. */
export interface FakeWorld extends World {
  readonly exchange: FakeExchange;
  readonly directory: FakeDirectory;
  readonly dns: FakeDns;
  readonly smtp: FakeSmtp;
  readonly clock: FakeClock;
}

/** A tenant and its surroundings in memory, for tests whose subject is not the wire. */
export function fakeWorld(seed: FakeWorldSeed = {}): FakeWorld {
  const tenant = seed.tenant ?? { id: 'c0000000-0000-4000-8000-000000000001', name: 'contoso' };
  const setUps = [...(seed.setUps ?? [])];
  return {
    tenant,
    exchange: new FakeExchange(tenant.id, seed),
    directory: new FakeDirectory(tenant.id),
    dns: new FakeDns(seed.dns, seed.resolvers),
    smtp: new FakeSmtp(seed.smtp),
    setUps: { ofTenant: async (id) => setUps.filter(({ tenantId }) => tenantId === id), all: async () => setUps },
    policies: new MemoryPolicies(),
    clock: new FakeClock(),
  };
}
