import { type ConsentDesk, type ConsentOptions, createConsentDesk } from '../../src/adapters/identity/admin-consent.ts';
import type { ConsentPage } from '../../src/adapters/identity/consent-page.ts';
import type { ConsentLink, ConsentOutcome } from '../../src/ports/admin-consent.ts';
import { FakeClock } from './fake-clock.ts';
import { MemoryConsents } from './memory-consents.ts';
import { silentLog } from './silent-log.ts';

export const CONTOSO = 'c0000000-0000-4000-8000-000000000001';
export const RITA = '11111111-0000-4000-8000-000000000001';
export const APP = '0b0b0b0b-0000-4000-8000-0000000000e0';

export interface OpenedDesk extends Omit<ConsentDesk, 'callback'> {
  /** As the browser does that opened every link. */
  callback(query: URLSearchParams, cookies?: string): Promise<ConsentPage>;
  outcomeOf(id: string): Promise<ConsentOutcome | null>;
  readonly store: MemoryConsents;
  readonly proven: string[];
}

/** A consent desk in memory whose links are opened as soon as they are made. */
export function desk(overrides: Partial<ConsentOptions> = {}): OpenedDesk {
  const store = new MemoryConsents();
  const proven: string[] = [];
  const made = createConsentDesk({
    authority: 'https://login.microsoftonline.com',
    appId: APP,
    isRehearsal: false,
    publicUrl: () => 'https://bot.example',
    store,
    prove: async (tenantId) => proven.push(tenantId),
    clock: new FakeClock(),
    log: silentLog(),
    ...overrides,
  });
  const cookies: string[] = [];
  return {
    ...made,
    begin: async (request, asked) => {
      const link = await made.begin(request, asked);
      const { headers } = await made.start(link.url.searchParams);
      cookies.push(headers['set-cookie']?.split(';')[0] ?? '');
      return link;
    },
    callback: (query, header = cookies.join('; ')) => made.callback(query, header),
    outcomeOf: async (id) => (await made.standingOf(id))?.outcome ?? null,
    store,
    proven,
  };
}

export function begin(at: Pick<ConsentDesk, 'begin'>, tenantId = CONTOSO): Promise<ConsentLink> {
  return at.begin({ tenantId, requesterId: RITA, conversation: 'c' }, { actor: null });
}

export function stateOf({ url }: ConsentLink): string {
  return url.searchParams.get('state') ?? '';
}

export function granted(link: ConsentLink, more: Record<string, string> = {}): URLSearchParams {
  return new URLSearchParams({ admin_consent: 'True', tenant: CONTOSO, state: stateOf(link), ...more });
}
