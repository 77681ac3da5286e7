import type { ExchangeOnlineOptions } from '../../src/adapters/exchange-online/exchange-online.ts';
import type { ExchangeTenant } from '../../src/ports/exchange-online.ts';
import { contosoAt } from './scripted-exchange.ts';
import type { ScriptedServer } from './scripted-https.ts';
import { scriptedServer } from './scripted-server.ts';

/** The real client of contoso against a server that answers what it is told to. */
export interface ScriptedContoso {
  readonly server: ScriptedServer;
  exchange(overrides?: Partial<ExchangeOnlineOptions>): ExchangeTenant;
}

/** Started once for a test file. */
export function scriptedContoso(): ScriptedContoso {
  const started = scriptedServer();
  return {
    get server() {
      return started.server;
    },
    exchange: (overrides = {}) => contosoAt(started.server.url, overrides),
  };
}
