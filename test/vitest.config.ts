import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { compileCache } from './support/compile-cache.ts';

/** Tests that leave nothing in their process that another file could see, so that it loads the program once. */
const shared = [
  'test/{app,audit,checks,commands,config,conformance,core,mail,rehearsal,steps,store,teams,telemetry,views,workflows}/**/*.test.ts',
  // The other adapters keep connections to whom they trusted first, or share the way out of the process with others.
  'test/adapters/{access-ladder,consent*,dns-resolvers,exchange-{call-rules,canonical*,cmdlets,one-table,pace},smtp-probe*,tenant-directory}.test.ts',
];

/** Files that take longest. Projects begin in the order of their names, so that none of these is waited for at the end. */
const long = 'test/{browser,chaos,engine,story}/**/*.test.ts';

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    // The durable engine is one per process, and so is a restify server's set of listeners.
    pool: 'forks',
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    env: { NODE_COMPILE_CACHE: compileCache },
    reporters: process.env['CI'] ? ['default'] : ['dot'],
    projects: [
      { extends: true, test: { name: 'long', include: [long] } },
      { extends: true, test: { name: 'shared', include: shared, isolate: false } },
      { extends: true, test: { name: 'whole', include: ['test/**/*.test.ts'], exclude: [long, ...shared] } },
    ],
  },
});
