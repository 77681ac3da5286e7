import { createDirectory, type DirectoryOptions } from '../../src/adapters/graph/directory.ts';
import type { DirectoryTenant } from '../../src/ports/directory.ts';
import { FakeClock } from './fake-clock.ts';
import { CONTOSO } from './scripted-exchange.ts';
import { jsonAnswer, type Play, unsignedToken } from './scripted-https.ts';
import { silentLog } from './silent-log.ts';

/** Our own application. */
export const APP = '0b0b0b0b-0000-4000-8000-0000000000e0';

/** The real client of contoso's directory, against Graph at this address. */
export function directoryAt(baseUrl: string, overrides: Partial<DirectoryOptions> = {}): DirectoryTenant {
  return createDirectory({
    appId: APP,
    baseUrl,
    scope: 'https://graph.microsoft.com/.default',
    credentials: {
      token: async (tenantId: string) => unsignedToken(tenantId, ['Domain.Read.All', 'Application.Read.All']),
      forget: () => undefined,
    },
    clock: new FakeClock(),
    log: silentLog(),
    timeout: 3000,
    ...overrides,
  }).tenant(CONTOSO);
}

/** A list as Graph answers it. */
export function values(...value: readonly unknown[]): Play {
  return jsonAnswer(200, { value });
}

/** A refusal as Graph answers it. */
export function failure(status: number, code: string, message = 'words'): Play {
  return jsonAnswer(status, {
    error: { code, message, innerError: { 'request-id': 'r', date: '2026-11-21T00:00:00' } },
  });
}
