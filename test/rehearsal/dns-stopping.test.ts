import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { encode } from 'dns-packet';
import { expect, it, onTestFinished } from 'vitest';
import { startDns } from '../../src/rehearsal/dns/dns-server.ts';
import { eventually } from '../support/eventually.ts';
import { smallWorld } from './small-world.ts';

it('rehearsal/dns: a slow answer that comes after the stop is nobody’s trouble', async () => {
  const troubles: unknown[] = [];
  const note = (reason: unknown): number => troubles.push(reason);
  process.on('unhandledRejection', note);
  const client = createSocket('udp4');
  onTestFinished(() => {
    process.off('unhandledRejection', note);
    client.close();
  });
  const { world } = await smallWorld();
  const servers = await startDns(world, [{ name: 'resolver-1', port: 0 }]);
  const question = encode({ type: 'query', id: 1, questions: [{ type: 'MX', name: 'contoso.com' }] });
  const ask = (): void => client.send(question, servers.listeners[0]?.port ?? 0, '127.0.0.1');

  world.faults.arm({ where: 'dns', kind: 'slow', match: { resolver: 'resolver-1' }, delayMs: 200, times: 1 });
  ask();
  ask();
  // The second answer says that the first question has arrived as well.
  await once(client, 'message');
  await servers.stop();
  await eventually(() => world.journal.list({ where: 'dns' }).length === 2);
  await turn();
  expect(troubles).toEqual([]);
});
