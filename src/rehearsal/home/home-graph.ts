import type { GraphPermission } from '../entra/graph-permissions.ts';
import { noResource, notPermitted } from '../graph/graph-error.ts';
import { type GraphEntity, oneAnswer, pageAnswer } from '../graph/graph-list.ts';
import type { RehearsalResponse } from '../http.ts';
import type { World } from '../world.ts';
import { accountOf, homeOf } from './home-directory.ts';

interface HomeCall {
  readonly world: World;
  readonly query: URLSearchParams;
  readonly address: string;
}

interface Operation {
  readonly path: RegExp;
  readonly permissions: readonly GraphPermission[];
  readonly run: (call: HomeCall, key: string) => RehearsalResponse;
}

const OPERATIONS: readonly Operation[] = [
  {
    path: /^groups\/(?<key>[^/]+)\/transitiveMembers$/iu,
    permissions: ['GroupMember.Read.All'],
    run: (call, key) => pageAnswer(call, members(call, key), 'directoryObjects'),
  },
  {
    path: /^users\/(?<key>[^/]+)$/iu,
    permissions: ['User.Read.All', 'User.ReadBasic.All'],
    run: (call, key) => {
      const user = userEntity(call, key);
      if (!user) throw noResource(key);
      return oneAnswer(call, user);
    },
  },
];

/** Microsoft Graph in the home tenant, as far as somebody reads people and groups there. */
export function homeGraph(call: HomeCall, method: string, path: string): RehearsalResponse {
  const operation = OPERATIONS.find((one) => method === 'GET' && one.path.test(path));
  if (!operation) throw noResource(path);
  const { permissions } = homeOf(call.world);
  if (!operation.permissions.some((name) => permissions.includes(name))) throw notPermitted();
  return operation.run(call, operation.path.exec(path)?.groups?.['key'] ?? '');
}

function members(call: HomeCall, key: string): GraphEntity[] {
  const home = homeOf(call.world);
  const group = home.group(key);
  if (!group) throw noResource(key);
  return home.transitiveMembers(group).flatMap((id) => {
    const inner = home.group(id);
    if (inner) return [{ '@odata.type': '#microsoft.graph.group', id: inner.id, displayName: inner.name }];
    const user = userEntity(call, id);
    return user ? [user] : [];
  });
}

/** What the permissions do not reach is null, not missing and not refused. */
function userEntity({ world }: HomeCall, key: string): GraphEntity | null {
  const account = accountOf(world, key);
  if (!account) return null;
  const { person, accountEnabled, guest } = account;
  const { permissions } = homeOf(world);
  const readsAll = permissions.includes('User.Read.All');
  const readsBasic = readsAll || permissions.includes('User.ReadBasic.All');
  return {
    '@odata.type': '#microsoft.graph.user',
    id: person.oid,
    displayName: readsBasic ? person.name : null,
    userPrincipalName: readsBasic ? `${person.id}@switchyard.example` : null,
    userType: readsAll ? (guest ? 'Guest' : 'Member') : null,
    accountEnabled: readsAll ? accountEnabled : null,
  };
}
