import { z } from 'zod/v4';
import type { Clock } from '../../core/clock.ts';
import { RefusedError, UnavailableError } from '../../core/errors.ts';
import { traceProblem } from '../../core/trace-window.ts';
import type {
  Directory,
  DirectoryAccess,
  DirectoryDomain,
  DirectoryTenant,
  TracedMessage,
  TraceFilter,
  WantedRecord,
} from '../../ports/directory.ts';
import { principalOf, readAccess } from './access.ts';
import { DnsRecord, Domain, Trace } from './graph-answers.ts';
import { GraphCalls, type GraphOptions } from './graph-calls.ts';
import { GraphConflictError, GraphNotFoundError } from './graph-failure.ts';

export interface DirectoryOptions extends GraphOptions {
  /** The application whose rights are looked at: the worker's. */
  readonly appId: string;
}

/** Directories over Microsoft Graph. */
export function createDirectory(options: DirectoryOptions): Directory {
  return { tenant: (tenantId) => new GraphTenant(tenantId.toLowerCase(), options) };
}

/** Microsoft's own application for traces. Consent to ours does not bring it into a tenant. */
const tracePrincipal =
  "An administrator of that tenant adds Microsoft's message trace application there: New-MgServicePrincipal -AppId " +
  "'8bd644d1-64a1-4d4b-ae52-2e0cbf64e373'. If it is there, the app may need the role Global Reader as well.";

class GraphTenant implements DirectoryTenant {
  readonly tenantId: string;
  readonly #appId: string;
  readonly #clock: Clock;
  readonly #calls: GraphCalls;

  constructor(tenantId: string, options: DirectoryOptions) {
    this.tenantId = tenantId;
    this.#appId = options.appId;
    this.#clock = options.clock;
    this.#calls = new GraphCalls(tenantId, options);
  }

  access(signal?: AbortSignal): Promise<DirectoryAccess> {
    return this.#understood('read access', () => readAccess(this.#calls, this.#appId, signal));
  }

  domains(signal?: AbortSignal): Promise<readonly DirectoryDomain[]> {
    return this.#understood('read domains', async () => {
      const permission = 'Domain.Read.All';
      const found = await this.#calls.list({ title: 'read domains', permission, path: '/domains', signal });
      return found.map((one) => {
        const { id, supportedServices, ...flags } = Domain.parse(one);
        return { name: id, ...flags, receivesMail: supportedServices?.includes('Email') === true };
      });
    });
  }

  serviceRecords(domain: string, signal?: AbortSignal): Promise<readonly WantedRecord[]> {
    return this.#records(domain, 'serviceConfigurationRecords', signal);
  }

  async mailHost(domain: string, signal?: AbortSignal): Promise<string | null> {
    const records = await this.serviceRecords(domain, signal);
    const exchanges = records.filter((record) => record.type === 'MX' && record.name === domain.toLowerCase());
    const [first] = exchanges
      .filter((record) => record.type === 'MX')
      .toSorted((one, other) => one.preference - other.preference);
    return first?.exchange ?? null;
  }

  verificationRecords(domain: string, signal?: AbortSignal): Promise<readonly WantedRecord[]> {
    return this.#records(domain, 'verificationDnsRecords', signal);
  }

  async addDomain(domain: string, signal?: AbortSignal): Promise<void> {
    const call = { title: 'add a domain', permission: 'Domain.ReadWrite.All', path: '/domains', signal };
    try {
      await this.#calls.post(call, { id: domain.toLowerCase() });
    } catch (error) {
      if (!(error instanceof GraphConflictError)) throw error;
    }
  }

  async verifyDomain(domain: string, signal?: AbortSignal): Promise<void> {
    const path = `/domains/${encodeURIComponent(domain.toLowerCase())}/verify`;
    await this.#calls.post({ title: 'verify a domain', permission: 'Domain.ReadWrite.All', path, signal }, {});
  }

  messageTraces(filter: TraceFilter, signal?: AbortSignal): Promise<readonly TracedMessage[]> {
    return this.#understood('read message traces', async () => {
      insistOnReach(filter, this.#clock.now());
      const found = await this.#calls.list({
        title: 'read message traces',
        permission: 'ExchangeMessageTrace.Read.All',
        alsoNeeds: tracePrincipal,
        path: '/admin/exchange/tracing/messageTraces',
        query: { $filter: traceFilter(filter) },
        signal,
      });
      return found.map((one) => traced(Trace.parse(one)));
    });
  }

  async removePrincipal(signal?: AbortSignal): Promise<'removed' | 'absent'> {
    const principal = await this.#understood('read access', () => principalOf(this.#calls, this.#appId, signal));
    if (!principal) return 'absent';
    try {
      await this.#calls.delete({
        title: 'remove the service principal',
        permission: 'Application.ReadWrite.OwnedBy',
        path: `/servicePrincipals/${encodeURIComponent(principal.id)}`,
        signal,
      });
    } catch (error) {
      if (error instanceof GraphNotFoundError) return 'absent';
      throw error;
    }
    return 'removed';
  }

  #records(
    domain: string,
    kind: 'serviceConfigurationRecords' | 'verificationDnsRecords',
    signal: AbortSignal | undefined,
  ): Promise<readonly WantedRecord[]> {
    const title = 'read DNS records of a domain';
    const path = `/domains/${encodeURIComponent(domain.toLowerCase())}/${kind}`;
    return this.#understood(title, async () => {
      const found = await this.#calls.list({ title, permission: 'Domain.Read.All', path, signal });
      return found.flatMap((one) => wanted(DnsRecord.parse(one)));
    });
  }

  async #understood<Value>(title: string, work: () => Promise<Value>): Promise<Value> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof z.ZodError)) throw error;
      throw new UnavailableError('Microsoft Graph described something in a way we do not understand.', {
        operation: `${title} in tenant ${this.tenantId}`,
        next: 'Nothing is decided on it. Developers find the field in the log.',
        cause: error,
      });
    }
  }
}

/** A record of a kind we use. Published examples have stray spaces, so texts are tidied. */
function wanted({ recordType, label, mailExchange, preference, text, canonicalName }: DnsFields): WantedRecord[] {
  const name = withoutDot(label);
  switch (recordType.toLowerCase()) {
    case 'mx':
      return mailExchange
        ? [{ type: 'MX', name, exchange: withoutDot(mailExchange), preference: preference ?? 0 }]
        : [];
    case 'txt':
      return text ? [{ type: 'TXT', name, text: tidied(text) }] : [];
    case 'cname':
      return canonicalName ? [{ type: 'CNAME', name, target: withoutDot(canonicalName) }] : [];
    default:
      return [];
  }
}

type DnsFields = ReturnType<typeof DnsRecord.parse>;

/** Microsoft's own sample has a blank inside an SPF term: `include: spf.protection.outlook.com`. */
function tidied(text: string): string {
  const single = text.replace(/\s+/gu, ' ').trim();
  return /^v=spf1(?: |$)/iu.test(single) ? single.replace(/([:=]) /gu, '$1') : single;
}

function withoutDot(name: string): string {
  return name.replace(/\.$/u, '');
}

function insistOnReach({ from, to }: TraceFilter, now: Date): void {
  const problem = traceProblem(from, to, now);
  if (problem === null) return;
  throw new RefusedError(`Message traces of these days cannot be read, as ${problem}.`, {
    operation: 'read message traces',
    next: 'Nothing was sent. Choose other days.',
  });
}

/** Each property once: a second value for one is ignored without a word. */
function traceFilter({ from, to, sender, recipient }: TraceFilter): string {
  const parts = [`receivedDateTime ge ${from.toISOString()}`, `receivedDateTime le ${to.toISOString()}`];
  if (sender !== undefined) parts.push(`senderAddress eq '${quoted(sender)}'`);
  if (recipient !== undefined) parts.push(`recipientAddress eq '${quoted(recipient)}'`);
  return parts.join(' and ');
}

function quoted(text: string): string {
  return text.replaceAll("'", "''");
}

function traced(trace: ReturnType<typeof Trace.parse>): TracedMessage {
  return {
    id: trace.id,
    messageId: trace.messageId,
    received: new Date(trace.receivedDateTime).toISOString(),
    sender: trace.senderAddress,
    recipient: trace.recipientAddress,
    status: trace.status,
    fromIp: trace.fromIP,
    toIp: trace.toIP,
  };
}
