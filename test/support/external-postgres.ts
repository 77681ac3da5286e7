import { rmSync } from 'node:fs';
import { startEmbedded } from '../../src/adapters/database/embedded-postgres.ts';
import { temporaryFolder } from './postgres.ts';
import { silentLog } from './silent-log.ts';

// A program: PostgreSQL on a loopback port, for whoever wants to reach one by DATABASE_URL. It prints its URL and
// serves until it is told to stop.
const dataDir = temporaryFolder();
const server = await startEmbedded({ dataDir, log: silentLog(), overTcp: true });
process.stdout.write(`${server.url}\n`);
const waiting = setInterval(() => undefined, 60_000);
await new Promise((resolve) => process.once('SIGTERM', resolve).once('SIGINT', resolve));
clearInterval(waiting);
await server.stop();
rmSync(dataDir, { recursive: true, force: true });
