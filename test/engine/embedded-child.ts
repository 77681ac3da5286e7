// A bot with nothing but its embedded database, to be killed: `node embedded-child.ts <data folder>`.
import { startEmbedded } from '../../src/adapters/database/embedded-postgres.ts';
import { silentLog } from '../support/silent-log.ts';

const server = await startEmbedded({ dataDir: process.argv[2] ?? '', log: silentLog() });
process.on('disconnect', () => process.exit());
process.send?.(server.serverPid());
