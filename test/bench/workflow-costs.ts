import type { BenchWorld } from './bench-world.ts';
import type { Figures } from './figures.ts';
import { carryOut } from './story.ts';

const CONTOSO = 'c0000000-0000-4000-8000-000000000001';
const GATEWAY_MX = 'inbound30.exchangedefender.com';

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
