import { z } from 'zod/v4';
import { ChangeSignal } from '../change-signal.ts';
import { type GraphPermission, graphPermissionNames } from '../entra/graph-permissions.ts';
import { usualRegistration, type WorkerRegistration, workerRegistration } from '../entra/worker-registration.ts';
import { type Person, SEEDED_PEOPLE } from '../teams/people.ts';
import { type TeamsWorld, teamsOf } from '../teams/teams.ts';

/** A group of the home tenant. Members are object ids of people and ids of other groups. */
export interface HomeGroup {
  readonly id: string;
  readonly name: string;
  readonly members: readonly string[];
}

/** What is unusual about an account. */
export interface AccountState {
  readonly accountEnabled?: boolean | undefined;
  readonly guest?: boolean | undefined;
}

/** How people are signed in when they are asked to. */
export interface SignInState {
  /** How long ago they really signed in; 0 where they do it now, as they were asked to. */
  readonly ageSeconds: number;
  /** Whether the authentication context that was asked for is met. */
  readonly context: 'given' | 'withheld';
  /** A number of Entra's with which every sign-in is refused. */
  readonly error: string | null;
}

const memory = z.object({
  groups: z.array(z.object({ id: z.string(), name: z.string(), members: z.array(z.string()) })),
  accounts: z.record(z.string(), z.object({ accountEnabled: z.boolean().optional(), guest: z.boolean().optional() })),
  permissions: z.array(z.enum(graphPermissionNames)),
  signIn: z.object({
    ageSeconds: z.number(),
    context: z.enum(['given', 'withheld']),
    error: z.string().nullable(),
  }),
  // A world of an earlier version knows the secret only.
  redirectUris: z.array(z.string()).default([]),
  worker: workerRegistration.default(usualRegistration as z.infer<typeof workerRegistration>),
});

const GROUP = '22222222-0000-4000-8000-00000000000';
const usualSignIn: SignInState = { ageSeconds: 0, context: 'given', error: null };
const usualPermissions: readonly GraphPermission[] = ['GroupMember.Read.All', 'User.Read.All'];

/** The home tenant's directory: where the people of Switchyard are, and the groups that give them roles. */
export class HomeDirectory {
  readonly changes = new ChangeSignal();
  groups: readonly HomeGroup[] = [];
  /** By object id. */
  accounts: Readonly<Record<string, AccountState>> = {};
  /** Application permissions of Graph that the bot's registration was given at home. */
  permissions: readonly GraphPermission[] = [];
  signIn: SignInState = usualSignIn;
  /** Registered for either application beside the bot's own. */
  redirectUris: readonly string[] = [];
  /** How the worker's registration, which lives here, can prove itself. */
  worker: WorkerRegistration = usualRegistration;

  constructor() {
    this.reset();
  }

  /** The on-call group has a guest in it, as such groups often do. */
  reset(): void {
    this.groups = [
      { id: `${GROUP}1`, name: 'Mail flow requesters', members: oidsOf('rita', 'omar') },
      { id: `${GROUP}2`, name: 'Mail flow approvers', members: [...oidsOf('ada'), `${GROUP}3`] },
      { id: `${GROUP}3`, name: 'Mail flow on call', members: oidsOf('ben', 'gus') },
    ];
    this.accounts = {};
    this.permissions = usualPermissions;
    this.signIn = usualSignIn;
    this.worker = usualRegistration;
    this.redirectUris = [];
    this.changes.changed();
  }

  group(key: string): HomeGroup | null {
    const wanted = key.toLowerCase();
    return this.groups.find(({ id, name }) => id === wanted || name.toLowerCase() === wanted) ?? null;
  }

  /** Everything in a group and in the groups inside it, each once, whatever circles they form. */
  transitiveMembers(group: HomeGroup): readonly string[] {
    const seen = new Set<string>();
    const add = (members: readonly string[]): void => {
      for (const id of members) {
        if (seen.has(id)) continue;
        seen.add(id);
        add(this.group(id)?.members ?? []);
      }
    };
    add(group.members);
    return [...seen];
  }

  set(
    change: Partial<Pick<HomeDirectory, 'groups' | 'accounts' | 'permissions' | 'signIn' | 'worker' | 'redirectUris'>>,
  ): void {
    Object.assign(this, change);
    this.changes.changed();
  }

  export(): string {
    const { groups, accounts, permissions, signIn, worker, redirectUris } = this;
    return JSON.stringify({ groups, accounts, permissions, signIn, worker, redirectUris });
  }

  restore(value: unknown): void {
    Object.assign(this, memory.parse(value));
  }
}

const directories = new WeakMap<TeamsWorld, HomeDirectory>();

export function homeOf(world: TeamsWorld): HomeDirectory {
  const known = directories.get(world);
  if (known) return known;
  const home = new HomeDirectory();
  directories.set(world, home);
  return home;
}

/** An account of the home tenant as Entra has it: the people that Teams knows, with what is unusual about them. */
export function accountOf(world: TeamsWorld, key: string) {
  const person = teamsOf(world).state.person(key);
  if (!person) return null;
  const { accountEnabled = true, guest = person.userRole === 'guest' } = homeOf(world).accounts[person.oid] ?? {};
  return { person, accountEnabled, guest };
}

function oidsOf(...names: string[]): string[] {
  return names.map((name) => SEEDED_PEOPLE.find(({ id }: Person) => id === name)?.oid ?? name);
}
