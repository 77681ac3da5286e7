import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Certificate, createAuthority } from './certificates.ts';
import { rememberClock } from './clock-memory.ts';
import { DnsData } from './dns/dns-data.ts';
import { createIdentityKeys, type IdentityKeys, RehearsalIdentity } from './entra/rehearsal-identity.ts';
import { environmentOf } from './environment.ts';
import type { TenantSwitches } from './exchange/switches.ts';
import { Tenants } from './exchange/tenants.ts';
import { Faults } from './faults.ts';
import { Journal } from './journal.ts';
import { listenEverywhere } from './listen-everywhere.ts';
import { TraceStore } from './mail-flow/trace.ts';
import { portsFrom } from './ports.ts';
import { seedTenants } from './seeds/seed-tenants.ts';
import { SmtpData } from './smtp/smtp-data.ts';
import type { World } from './world.ts';
import { WorldMemory } from './world-memory.ts';

export interface RehearsalOptions {
  /** Port of the page and the control API; the other services use the five ports after it. 0 takes free ports. */
  readonly port: number;
  /** Virtual seconds per real second. */
  readonly speed: number;
  /** Folder for the world, its keys and certificates, kept between starts. */
  readonly dataDir: string;
  /** Where Teams delivers activities: the bot's `/api/messages`. */
  readonly botEndpoint: string;
  /** How every seeded tenant differs from the usual. */
  readonly switches?: Partial<TenantSwitches>;
  /** Takes a line about something that an operator should know. */
  readonly warn?: (line: string) => void;
}

export interface Rehearsal {
  readonly url: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly world: World;
  stop(): Promise<void>;
}

interface Secrets {
  readonly authority: Certificate;
  readonly keys: IdentityKeys;
}

/** Starts the whole simulated cloud on loopback. */
export async function startRehearsal(options: RehearsalOptions): Promise<Rehearsal> {
  const folder = join(options.dataDir, 'rehearsal');
  const { authority, keys } = await loadSecrets(folder);
  const caFile = join(folder, 'ca.pem');
  await writeFile(caFile, authority.cert);
  const clockMemory = await rememberClock(join(folder, 'clock.json'), options.speed);
  const { clock } = clockMemory;
  const world: World = {
    clock,
    journal: new Journal(() => clock.now()),
    faults: new Faults(),
    tenants: new Tenants(),
    dns: new DnsData(clock),
    smtp: new SmtpData(),
    trace: new TraceStore(),
    identity: new RehearsalIdentity(keys),
    ports: portsFrom(options.port),
    botOrigin: new URL(options.botEndpoint).origin,
    ...(options.switches ? { switches: options.switches } : {}),
  };
  seedTenants(world);
  const worldMemory = new WorldMemory(world, folder, options.warn ?? (() => {}));
  await worldMemory.recall();
  const environment = (): Record<string, string> => environmentOf(world, caFile);
  const { botEndpoint } = options;
  const stop = await listenEverywhere(world, { authority, environment, botEndpoint }).catch(async (error: unknown) => {
    await clockMemory.stop();
    throw error;
  });
  worldMemory.keep();
  const stopAll = async (): Promise<void> => {
    await stop();
    await worldMemory.stop();
    await clockMemory.stop();
  };
  return { url: `http://127.0.0.1:${world.ports.http}`, environment: environment(), world, stop: stopAll };
}

/** Made once per data folder, so that a bot that outlives the rehearsal still trusts it after its restart. */
async function loadSecrets(folder: string): Promise<Secrets> {
  const file = join(folder, 'secrets.json');
  try {
    const secrets = JSON.parse(await readFile(file, 'utf8')) as Secrets;
    // A folder of an earlier version lacks what was added since: then all of them are made anew.
    if (Object.keys(secrets.keys).includes('signInSecret')) return secrets;
    throw new Error('made by an earlier version');
  } catch {
    const secrets = { authority: await createAuthority(), keys: await createIdentityKeys() };
    await mkdir(folder, { recursive: true });
    await writeFile(`${file}.new`, JSON.stringify(secrets), { mode: 0o600 });
    await rename(`${file}.new`, file);
    return secrets;
  }
}
