import type { CmdletCall } from '../../core/change.ts';
import type { Clock } from '../../core/clock.ts';
import { RejectedError, UnavailableError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { SharedRead } from '../../core/shared-read.ts';
import type { ExchangeQuestions, ExchangeReads, ExchangeTenant } from '../../ports/exchange-online.ts';
import type { Row } from './answer.ts';
import type { ServiceOptions } from './calls.ts';
import { canonical } from './canonical.ts';
import { checkCall, checkInverse, problemWithInverse } from './check-call.ts';
import { TenantClient } from './client.ts';
import { cmdletTable } from './cmdlet-table.ts';
import { ObjectNotFoundError } from './failure.ts';

type Reading = keyof ExchangeReads;

const SYSTEM_MAILBOX = 'SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}';

/** Exchange Online of one tenant: checked calls in, canonical objects out. */
export class RestTenant implements ExchangeTenant {
  readonly tenantId: string;
  readonly #clock: Clock;
  readonly #exchange: TenantClient;
  readonly #compliance: TenantClient;
  #initialDomain: SharedRead<string> | null = null;

  constructor(tenantId: string, exchange: ServiceOptions, compliance: ServiceOptions) {
    this.tenantId = tenantId;
    this.#clock = exchange.clock;
    this.#exchange = new TenantClient({
      ...exchange,
      tenantId,
      service: 'exchange',
      anchor: async () => `APP:${SYSTEM_MAILBOX}@${tenantId}`,
    });
    this.#compliance = new TenantClient({
      ...compliance,
      tenantId,
      service: 'compliance',
      anchor: async (signal) => `UPN:${SYSTEM_MAILBOX}@${await this.#initialDomainOf(signal)}`,
    });
  }

  async get<C extends Reading>(cmdlet: C, identity: string, signal?: AbortSignal): Promise<ExchangeReads[C] | null> {
    const rows = takes(cmdlet, 'Identity')
      ? await this.#rowsOf(cmdlet, identity, signal)
      : await this.#all(cmdlet, signal);
    const found = rows.filter((row) => isNamed(row, identity));
    const [object] = found;
    if (rows.length === 0 || (found.length === 0 && !takes(cmdlet, 'Identity'))) return null;
    if (found.length === 1) return this.#canonical(cmdlet, object);
    throw new RejectedError(
      `Exchange Online answered ${rows.length} objects, ${found.length} of them named ${identity}.`,
      {
        operation: `${cmdlet} in tenant ${this.tenantId}`,
        next: 'Check the name in the Exchange admin centre; rename one object if two are named alike.',
      },
    );
  }

  async list<C extends Reading>(cmdlet: C, signal?: AbortSignal): Promise<readonly ExchangeReads[C][]> {
    const rows = await this.#all(cmdlet, signal);
    return rows.map((row) => this.#canonical(cmdlet, row));
  }

  async lists<C extends Reading>(
    cmdlets: readonly C[],
    signal?: AbortSignal,
  ): Promise<{ readonly [K in C]: readonly ExchangeReads[K][] }> {
    const wanted = [...new Set(cmdlets)];
    const together = wanted.filter((cmdlet) => cmdletTable.get(cmdlet)?.service === 'exchange');
    const answers = await this.#exchange.batch(together.map(wholeList), signal);
    const lists = wanted.map(async (cmdlet) => {
      const rows = answers[together.indexOf(cmdlet)] ?? (await this.#all(cmdlet, signal));
      return [cmdlet, rows.map((row) => this.#canonical(cmdlet, row))] as const;
    });
    return Object.fromEntries(await Promise.all(lists)) as { [K in C]: ExchangeReads[K][] };
  }

  async ask<C extends keyof ExchangeQuestions>(
    cmdlet: C,
    parameters: JsonObject,
    signal?: AbortSignal,
  ): Promise<readonly ExchangeQuestions[C][]> {
    const call = { cmdlet, parameters };
    checkCall(call, 'read', this.#clock.now());
    const rows = await this.#clientFor(call).read(call, signal);
    return rows.map((row) => this.#canonical(cmdlet, row));
  }

  async invoke(
    call: CmdletCall,
    signal?: AbortSignal,
    beforeSending?: () => Promise<void>,
  ): Promise<{ readonly warnings: readonly string[] }> {
    checkCall(call, 'write', this.#clock.now());
    return this.#write(call, signal, beforeSending);
  }

  async restore(
    inverse: CmdletCall,
    signal?: AbortSignal,
    beforeSending?: () => Promise<void>,
  ): Promise<{ readonly warnings: readonly string[] }> {
    checkInverse(inverse, this.#clock.now());
    return this.#write(inverse, signal, beforeSending);
  }

  whyNotRestored(inverse: CmdletCall): string | null {
    const problem = problemWithInverse(inverse, this.#clock.now());
    return problem && `what is there now cannot be sent back with ${inverse.cmdlet}, because ${problem}`;
  }

  async #write(
    call: CmdletCall,
    signal: AbortSignal | undefined,
    beforeSending: (() => Promise<void>) | undefined,
  ): Promise<{ readonly warnings: readonly string[] }> {
    const { warnings } = await this.#clientFor(call).write(call, signal, beforeSending);
    return { warnings };
  }

  #clientFor({ cmdlet }: CmdletCall): TenantClient {
    return cmdletTable.get(cmdlet)?.service === 'compliance' ? this.#compliance : this.#exchange;
  }

  #all(cmdlet: Reading, signal: AbortSignal | undefined): Promise<readonly Row[]> {
    const call = wholeList(cmdlet);
    return this.#clientFor(call).read(call, signal);
  }

  async #rowsOf(cmdlet: Reading, identity: string, signal: AbortSignal | undefined): Promise<readonly Row[]> {
    const call = { cmdlet, parameters: { Identity: identity } };
    checkCall(call, 'read', this.#clock.now());
    try {
      return await this.#clientFor(call).read(call, signal);
    } catch (error) {
      if (error instanceof ObjectNotFoundError) return [];
      throw error;
    }
  }

  /** The compliance service finds the tenant's data by a mailbox of its initial domain, which never changes. */
  #initialDomainOf(signal: AbortSignal | undefined): Promise<string> {
    if (this.#initialDomain && !this.#initialDomain.isCalledOff) return this.#initialDomain.answerFor(signal);
    const asked = new SharedRead((shared) => this.#readInitialDomain(shared));
    asked.onFailure(() => {
      if (this.#initialDomain === asked) this.#initialDomain = null;
    });
    this.#initialDomain = asked;
    return asked.answerFor(signal);
  }

  async #readInitialDomain(signal: AbortSignal): Promise<string> {
    const domains = await this.list('Get-AcceptedDomain', signal);
    const initial = domains.find(({ InitialDomain }) => InitialDomain);
    if (initial) return initial.DomainName;
    throw new UnavailableError('Exchange Online does not tell which is the initial domain of this tenant.', {
      operation: `Get-AcceptedDomain in tenant ${this.tenantId}`,
      next: 'Try again; if it stays so, alert policies cannot be reached.',
    });
  }

  #canonical<C extends keyof ExchangeReads & keyof typeof canonical>(cmdlet: C, row: unknown): ExchangeReads[C];
  #canonical<C extends keyof ExchangeQuestions>(cmdlet: C, row: unknown): ExchangeQuestions[C];
  #canonical(cmdlet: keyof typeof canonical, row: unknown): unknown {
    try {
      return canonical[cmdlet](row);
    } catch (error) {
      throw new UnavailableError(`Exchange Online described an object in a way we do not understand (${cmdlet}).`, {
        operation: `${cmdlet} in tenant ${this.tenantId}`,
        next: 'Nothing is decided on it. Developers find the field in the log.',
        cause: error,
      });
    }
  }
}

function takes(cmdlet: string, parameter: string): boolean {
  return Object.hasOwn(cmdletTable.get(cmdlet)?.parameters ?? {}, parameter);
}

/** Everything there is, also what Exchange leaves out unless asked. */
function wholeList(cmdlet: Reading): CmdletCall {
  const parameters = { ResultSize: 'Unlimited', IncludeTestModeConnectors: true };
  return { cmdlet, parameters: Object.fromEntries(Object.entries(parameters).filter(([name]) => takes(cmdlet, name))) };
}

/** Exchange finds objects by several of their names. */
function isNamed(row: Row, identity: string): boolean {
  const names = ['Identity', 'Name', 'Guid', 'DistinguishedName', 'DomainName', 'Domain'].map((name) => row[name]);
  return names.some((name) => typeof name === 'string' && name.toLowerCase() === identity.toLowerCase());
}
