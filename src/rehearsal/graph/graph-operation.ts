import type { AccessState } from '../entra/access.ts';
import type { GraphPermission } from '../entra/graph-permissions.ts';
import type { Tenant } from '../exchange/tenant.ts';
import type { RehearsalResponse } from '../http.ts';
import type { World } from '../world.ts';

/** One request to Graph, after its token has been looked at. */
export interface GraphCall {
  readonly world: World;
  readonly tenant: Tenant;
  /** The app that asks. */
  readonly appId: string;
  /** The directory as the replica that answers knows it. */
  readonly access: AccessState;
  /** Virtual milliseconds. */
  readonly now: number;
  /** What the address holds: an id, a domain, a recipient. */
  readonly key: string;
  readonly second: string;
  readonly query: URLSearchParams;
  readonly body: () => Readonly<Record<string, unknown>>;
  /** The whole address without its query, for links. */
  readonly address: string;
}

/** One address of Graph and what it does. */
export interface GraphOperation {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Matched against the path below the version; groups `key` and `second` are handed on. */
  readonly path: RegExp;
  /** Any of these is enough. */
  readonly permissions: readonly GraphPermission[];
  readonly run: (call: GraphCall) => RehearsalResponse;
}
