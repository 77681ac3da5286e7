import type { BenchWorld } from './bench-world.ts';
import { dependentRounds, sequentialRounds } from './call-rounds.ts';
import type { ExchangeCall } from './exchange-tap.ts';
import type { Figures } from './figures.ts';
import { median } from './percentile.ts';
import { carryOut } from './story.ts';

const CONTOSO = 'c0000000-0000-4000-8000-000000000001';
const GATEWAY_MX = 'inbound30.exchangedefender.com';
const CALL_MS = 200;

/** What one workflow costs Exchange, from the typed command to its end. */
export async function measureExchangeCalls(figures: Figures, world: BenchWorld): Promise<void> {
  const { rehearsal, tap } = world;
  const count = async (name: string, text: string): Promise<void> => {
    const { askedAt } = await carryOut(rehearsal, text);
    const calls = tap.callsSince(askedAt, CONTOSO);
    const cmdlets = calls.flatMap((call) => call.cmdlets);
    figures.set(`exchange_calls_${name}`, calls.length);
    figures.set(`exchange_cmdlets_${name}`, cmdlets.length);
    figures.set(`exchange_writes_${name}`, cmdlets.filter((cmdlet) => !cmdlet.startsWith('Get-')).length);
  };
  // Settling takes minutes there; waiting for it is not what is measured.
  await rehearsal.control('clock', { speed: 60 });
  await count('set_up_gateway', 'set up gateway exchangedefender for contoso.com');
  for (const domain of ['contoso.com', 'sales.contoso.com']) {
    await rehearsal.control('dns', { domain, mx: GATEWAY_MX, fresh: true }, 'PUT');
  }
  await count('lock_down', 'lock down contoso.com');
  await count('unlock', 'unlock contoso.com');
  await rehearsal.control('clock', { speed: 10 });
  figures.note(
    'exchange_calls: HTTP calls from the typed command to the end of the run, planning and proofs included; a batch is one call with several cmdlets.',
  );
}

/** How long set-up-gateway takes when every call to Exchange takes 200 ms, against the calls that depend on each other. */
export async function measureWallTime(figures: Figures, world: BenchWorld, rounds: number): Promise<void> {
  const { rehearsal, tap } = world;
  const fault = { where: 'exchange', kind: 'slow', delayMs: CALL_MS, times: null };
  const walls: number[] = [];
  let calls: readonly ExchangeCall[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const domain = `bench-${round}.example`;
    const tenant = (await rehearsal.control('tenants', { name: `bench${round}`, domains: [domain] })) as { id: string };
    await rehearsal.control('faults', fault);
    const { approvedAt, endedAt } = await carryOut(rehearsal, `set up gateway exchangedefender for ${domain}`);
    await fetch(`${rehearsal.url}/control/faults`, { method: 'DELETE' });
    walls.push(endedAt - approvedAt);
    calls = tap.callsSince(approvedAt, tenant.id);
  }
  const wall = median(walls);
  const criticalPath = dependentRounds(calls) * CALL_MS;
  figures.set('set_up_gateway_wall_ms', wall);
  figures.set('set_up_gateway_critical_path_ms', criticalPath);
  figures.set('set_up_gateway_ratio', wall / criticalPath);
  figures.set('set_up_gateway_calls_after_approval', calls.length);
  figures.set('set_up_gateway_sequential_rounds', sequentialRounds(calls));
  figures.note(
    `set_up_gateway_wall: from the approving click to the card that says how it ended, each call to Exchange slowed by ${CALL_MS} ms. critical_path: ${CALL_MS} ms for every write and for every group of reads between writes, as seen on the wire; sequential_rounds: how many calls one after the other it really took.`,
  );
}
