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
    const isSame = target?.host === this.#base.host || target?.hostname.endsWith(`.${this.#base.hostname}`) === true;
    if (target?.protocol === 'https:' && isSame) return target;
    throw new RefusedError(`Exchange Online pointed us to ${target?.host ?? 'no address'}, which is not its own.`, {
      operation: `follow an answer of ${from.host}`,
      next: 'Nothing was sent there. An operator must find out why this happens.',
    });
  }

  remember(tenantId: string, target: URL): void {
    this.#regional.set(tenantId, target.origin);
  }
}
