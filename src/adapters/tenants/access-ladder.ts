import { describeError, OpsError, TenantAccessError } from '../../core/errors.ts';
import type { AccessLadder, LadderView } from '../../ports/access-ladder.ts';
import type { Directory } from '../../ports/directory.ts';
import type { ExchangeOnline } from '../../ports/exchange-online.ts';

export interface LadderOptions {
  readonly exchange: ExchangeOnline;
  readonly directory: Directory;
  /** Forgets the tokens of a tenant: rights that were granted a moment ago only appear in new ones. */
  readonly forget: (tenantId: string) => void;
}

type Seen = Omit<LadderView, 'beside'>;

const none = { consent: 'unknown', permission: 'unknown', role: 'unknown', read: 'unknown' } as const;

/** How far each refusal of Exchange shows that we got. A credential that is refused says nothing about the tenant. */
const reached: Readonly<Record<TenantAccessError['reason'], LadderView['rungs']>> = {
  consent: { ...none, consent: 'no' },
  'app-role': { ...none, consent: 'yes', permission: 'no' },
  'directory-role': { ...none, consent: 'yes', permission: 'yes', role: 'no' },
  credential: none,
};

/** Climbs with one read of Exchange, whose answer is the only proof; the directory only adds what it knows. */
export function createAccessLadder({ exchange, directory, forget }: LadderOptions): AccessLadder {
  return {
    climb: async (tenantId, signal) => {
      forget(tenantId);
      const [seen, beside] = await Promise.all([
        read(exchange, tenantId, signal),
        besideExchange(directory, tenantId, signal),
      ]);
      return { ...seen, beside: seen.rungs.consent === 'no' ? '' : beside };
    },
  };
}

async function read(exchange: ExchangeOnline, tenantId: string, signal: AbortSignal | undefined): Promise<Seen> {
  try {
    const accepted = await exchange.tenant(tenantId).list('Get-AcceptedDomain', signal);
    const domains = accepted.map(({ DomainName }) => DomainName).toSorted();
    const what = 'Exchange Online answered with the accepted domains of this tenant.';
    return { rungs: { consent: 'yes', permission: 'yes', role: 'yes', read: 'yes' }, what, next: '', domains };
  } catch (error) {
    if (!(error instanceof OpsError)) throw error;
    const { message, next } = describeError(error);
    return {
      rungs: error instanceof TenantAccessError ? reached[error.reason] : none,
      what: message,
      next,
      domains: [],
    };
  }
}

/** The mail host of a domain is Microsoft's to name, and only the directory names it. */
async function besideExchange(
  directory: Directory,
  tenantId: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  try {
    const { graphPermissions } = await directory.tenant(tenantId).access(signal);
    if (graphPermissions.includes('Domain.Read.All')) return '';
    return 'The permission Domain.Read.All of Microsoft Graph is not granted, so the host that Microsoft receives mail on is unknown, and a lock-down cannot be proven. An administrator of that tenant grants consent again.';
  } catch (error) {
    if (!(error instanceof OpsError)) throw error;
    return `Microsoft Graph did not say what else is granted: ${describeError(error).message}`;
  }
}
