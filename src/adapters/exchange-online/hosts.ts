import { RefusedError } from '../../core/errors.ts';

/** Where calls may go: the configured service and the regional hosts below its name. */
export class Hosts {
  readonly #base: URL;
  readonly #regional = new Map<string, string>();

  constructor(baseUrl: string) {
    this.#base = new URL(baseUrl);
  }

  /** The address of a path for one tenant, on the host that serves this tenant. */
  address(tenantId: string, path: string): URL {
    return new URL(path, this.#regional.get(tenantId) ?? this.#base.origin);
  }

  /** The place that an answer points to, once it is known to be the same service. */
  follow(location: string, from: URL): URL {
    const target = URL.parse(location, from.href);
    if (target?.protocol === 'https:' && this.#isSameService(target)) return target;
    throw new RefusedError(`Exchange Online pointed us to ${target?.host ?? 'no address'}, which is not its own.`, {
      operation: `follow an answer of ${from.host}`,
      next: 'Nothing was sent there. An operator must find out why this happens.',
    });
  }

  #isSameService({ host, hostname }: URL): boolean {
    if (host === this.#base.host || hostname.endsWith(`.${this.#base.hostname}`)) return true;
    // A simulated service has no zone of its own; its regions are other names of this machine.
    return isThisMachine(hostname) && isThisMachine(this.#base.hostname);
  }

  /** The regional host of a tenant does not answer: the next call asks for the way again. */
  forget(tenantId: string): void {
    this.#regional.delete(tenantId);
  }

  remember(tenantId: string, target: URL): void {
    this.#regional.set(tenantId, target.origin);
  }
}

function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || /^127(?:\.\d+){3}$/u.test(hostname);
}
