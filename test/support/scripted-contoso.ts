import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { ExchangeOnlineOptions } from '../../src/adapters/exchange-online/exchange-online.ts';
import type { ExchangeTenant } from '../../src/ports/exchange-online.ts';
import { contosoAt } from './scripted-exchange.ts';
import { type ScriptedServer, startScripted } from './scripted-https.ts';

/** The real client of contoso against a server that answers what it is told to. */
export interface ScriptedContoso {
  readonly server: ScriptedServer;
  exchange(overrides?: Partial<ExchangeOnlineOptions>): ExchangeTenant;
}

/** Started once for a test file. An answer that nobody asked for fails the test that scripted it. */
export function scriptedContoso(): ScriptedContoso {
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
    exchange: (overrides = {}) => contosoAt(server.url, overrides),
  };
}
