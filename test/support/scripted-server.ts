import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { type ScriptedServer, startScripted } from './scripted-https.ts';

/** Started once for a test file. An answer that nobody asked for fails the test that scripted it. */
export function scriptedServer(): { readonly server: ScriptedServer } {
  let server: ScriptedServer;
  beforeAll(async () => {
    server = await startScripted();
  });
  afterAll(() => server.close());
  afterEach(() => {
    expect(server.finish(), 'scripted answers that were not asked for').toBe(0);
  });
  return {
    get server() {
      return server;
    },
  };
}
