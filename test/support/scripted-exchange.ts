import { expect } from 'vitest';
import {
  createExchangeOnline,
  type ExchangeOnlineOptions,
} from '../../src/adapters/exchange-online/exchange-online.ts';
import type { CmdletCall } from '../../src/core/change.ts';
import type { OpsError } from '../../src/core/errors.ts';
import type { ExchangeTenant } from '../../src/ports/exchange-online.ts';
import { FakeClock } from './fake-clock.ts';
import { jsonAnswer, type Play, unsignedToken } from './scripted-https.ts';
import { silentLog } from './silent-log.ts';

export const CONTOSO = 'c0000000-0000-4000-8000-000000000001';
export const FABRIKAM = 'c0000000-0000-4000-8000-000000000002';

/** An accepted domain as Exchange answers it, not yet canonical. */
export const rawDomain = {
  Identity: 'Contoso.com',
  DomainName: 'Contoso.com',
  DomainType: 'Authoritative',
  Default: true,
};

export const newConnector: CmdletCall = {
  cmdlet: 'New-InboundConnector',
  parameters: { Name: 'Gateway – Zürich', SenderDomains: ['*'], Enabled: false },
};

/** The real client for a scripted server, with tokens for whichever tenant is asked. */
export function exchangeOptions(
  baseUrl: string,
  overrides: Partial<ExchangeOnlineOptions> = {},
): ExchangeOnlineOptions {
  return {
    baseUrl,
    scope: 'https://outlook.office365.com/.default',
    compliance: { baseUrl, scope: 'https://ps.compliance.protection.outlook.com/.default' },
    credentials: { token: async (tenantId: string) => unsignedToken(tenantId), forget: () => undefined },
    clock: new FakeClock(),
    log: silentLog(),
    timeout: 20_000,
    ...overrides,
  };
}

export function contosoAt(baseUrl: string, overrides: Partial<ExchangeOnlineOptions> = {}): ExchangeTenant {
  return createExchangeOnline(exchangeOptions(baseUrl, overrides)).tenant(CONTOSO);
}

export function values(...value: readonly unknown[]): Play {
  return jsonAnswer(200, { '@adminapi.warnings': [], value });
}

/** An error report in Exchange's own form. */
export function failure(status: number, type: string, text: string, code = 'BadRequest'): Play {
  const details = [{ code: 'Client', target: '', message: `Ex6F9304|${type}|${text}` }];
  return jsonAnswer(status, { error: { code, message: 'Error executing cmdlet', details } });
}

export async function errorOf(work: Promise<unknown>): Promise<OpsError> {
  return work.then(
    () => expect.fail('it did not fail'),
    (error: unknown) => error as OpsError,
  );
}
