import { once } from 'node:events';
import { ChaosWorld } from './chaos-world.ts';
import { OwnServer } from './own-server.ts';

// A harness that goes on until it is ended, for the test of what it leaves behind.
const [world, server] = await Promise.all([ChaosWorld.start({ database: 'embedded' }), OwnServer.start()]);
process.stdout.write(`${JSON.stringify([world.folder, server.folder])}\n`);
await once(process.stdin, 'data');
throw new Error('The harness was told to fail.');
