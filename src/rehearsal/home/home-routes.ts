import { graphPermissionNames } from '../entra/graph-permissions.ts';
import { type WorkerRegistration, workerRegistration } from '../entra/worker-registration.ts';
import { BadRequest, json, jsonBody, type RehearsalRequest, type RehearsalResponse, type Route } from '../http.ts';
import { isRecord } from '../teams/message.ts';
import { teamsOf } from '../teams/teams.ts';
import type { World } from '../world.ts';
import { type AccountState, type HomeGroup, homeOf, type SignInState } from './home-directory.ts';

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu;

/** The home tenant: its groups, its accounts, what the bot may read there, and how people are signed in. */
export function homeRoutes(world: World): Route[] {
  return [
    { method: 'GET', path: '/control/home', handle: () => json(200, shown(world)) },
    { method: 'PUT', path: '/control/home', handle: (request) => changeHome(world, request) },
    { method: 'PUT', path: '/control/groups', handle: (request) => changeGroup(world, request) },
  ];
}

/** `{group, members, name?}`: members are short names of people or names of groups; a new group is made. */
function changeGroup(world: World, request: RehearsalRequest): RehearsalResponse {
  const home = homeOf(world);
  const { group: key, members, name } = jsonBody(request);
  if (typeof key !== 'string' || key === '') throw new BadRequest('group must be the id or the name of a group.');
  if (!Array.isArray(members)) throw new BadRequest('members must be a list of people and groups.');
  const known = home.group(key);
  const id = known?.id ?? (GUID.test(key) ? key.toLowerCase() : crypto.randomUUID());
  const group: HomeGroup = {
    id,
    name: typeof name === 'string' ? name : (known?.name ?? key),
    members: members.map((member) => memberFrom(world, member)),
  };
  home.set({ groups: [...home.groups.filter((one) => one.id !== id), group] });
  return json(200, shown(world));
}

function memberFrom(world: World, member: unknown): string {
  const key = String(member);
  const id = teamsOf(world).state.person(key)?.oid ?? homeOf(world).group(key)?.id;
  if (id === undefined) throw new BadRequest(`${key} is neither a person nor a group.`);
  return id;
}

/**
 * `{permissions?, users?: {ada: {accountEnabled?, guest?}}, signIn?: {ageSeconds?, context?, error?},
 * worker?: {certificates?, federated?}, redirectUris?}`.
 */
function changeHome(world: World, request: RehearsalRequest): RehearsalResponse {
  const home = homeOf(world);
  const { permissions, users, signIn, worker, redirectUris } = jsonBody(request);
  const change: Parameters<typeof home.set>[0] = {
    ...(permissions === undefined ? {} : { permissions: permissionsFrom(permissions) }),
    ...(users === undefined ? {} : { accounts: { ...home.accounts, ...accountsFrom(world, users) } }),
    ...(signIn === undefined ? {} : { signIn: signInFrom(home.signIn, signIn) }),
    ...(worker === undefined ? {} : { worker: workerFrom(home.worker, worker) }),
    ...(redirectUris === undefined ? {} : { redirectUris: addressesFrom(redirectUris) }),
  };
  home.set(change);
  return json(200, shown(world));
}

function permissionsFrom(value: unknown): (typeof graphPermissionNames)[number][] {
  if (!Array.isArray(value)) throw new BadRequest('permissions must be a list.');
  return value.map((wanted) => {
    const found = graphPermissionNames.find((name) => name === wanted);
    if (!found) throw new BadRequest(`permissions must be of ${graphPermissionNames.join(', ')}.`);
    return found;
  });
}

function accountsFrom(world: World, value: unknown): Record<string, AccountState> {
  if (!isRecord(value)) throw new BadRequest('users must be an object of people and what is unusual about them.');
  const entries = Object.entries(value).map(([name, state]) => {
    const person = teamsOf(world).state.person(name);
    if (!person || !isRecord(state)) throw new BadRequest(`${name} is nobody here.`);
    const { accountEnabled, guest } = state;
    const account: AccountState = {
      ...(typeof accountEnabled === 'boolean' ? { accountEnabled } : {}),
      ...(typeof guest === 'boolean' ? { guest } : {}),
    };
    return [person.oid, account] as const;
  });
  return Object.fromEntries(entries);
}

function signInFrom(before: SignInState, value: unknown): SignInState {
  if (!isRecord(value)) throw new BadRequest('signIn must be an object.');
  const { ageSeconds = before.ageSeconds, context = before.context, error = before.error } = value;
  if (typeof ageSeconds !== 'number') throw new BadRequest('ageSeconds must be a number.');
  if (context !== 'given' && context !== 'withheld') throw new BadRequest('context must be given or withheld.');
  if (error !== null && typeof error !== 'string') throw new BadRequest('error must be an AADSTS number or null.');
  return { ageSeconds, context, error };
}

function addressesFrom(value: unknown): string[] {
  const addresses = Array.isArray(value) ? value.map(String) : [];
  if (Array.isArray(value) && addresses.every((one) => URL.canParse(one))) return addresses;
  throw new BadRequest('redirectUris must be a list of addresses.');
}

function workerFrom(before: WorkerRegistration, value: unknown): WorkerRegistration {
  const given = isRecord(value) ? value : {};
  const read = workerRegistration.safeParse({ ...before, ...given });
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new BadRequest(`worker.${issue?.path.join('.')}: ${issue?.message}`);
}

function shown(world: World): Record<string, unknown> {
  const { groups, accounts, permissions, signIn, worker, redirectUris } = homeOf(world);
  return { groups, accounts, permissions, signIn, worker, redirectUris };
}
