import type { OpenDatabase } from '../adapters/database/open-database.ts';
import type { Config } from '../config/config.ts';
import type { Notifier } from '../ports/notifier.ts';
import type { Health } from '../server.ts';
import type { TeamsHost } from '../teams/host.ts';
import { configurationDoubtful } from '../telemetry/events.ts';
import type { Logger } from '../telemetry/log.ts';

type Reach = Pick<Notifier, 'scopeOf'>;
type Operators = Pick<Config, 'operatorConversation' | 'mode'>;

/**
 * Whether this process can take calls now, part by part. That the operators cannot be told anything is said with it; it
 * makes no process unready, because only one that takes calls hears that the app was added there.
 */
export async function healthOf(
  { config }: { readonly config: Operators },
  database: Pick<OpenDatabase, 'pool'>,
  host: Pick<TeamsHost, 'ready'>,
  notifier: Reach,
  draining: AbortSignal,
): Promise<Health> {
  const alive = await database.pool.query('select 1').then(
    () => true,
    () => false,
  );
  const checks = { database: alive, signingKeys: host.ready, serving: !draining.aborted };
  const ready = Object.values(checks).every(Boolean);
  const { operatorConversation: operators } = config;
  if (operators === null || !alive) return { ready, checks };
  return { ready, checks: { ...checks, operators: (await notifier.scopeOf(operators)) !== null } };
}

/** The conversation of the operators may be misspelt, or the app was never added to it. Rehearsal adds it in a moment. */
export async function warnOfOperators(
  { config, log }: { readonly config: Operators; readonly log: Logger },
  notifier: Reach,
): Promise<void> {
  const { operatorConversation: operators, mode } = config;
  if (operators === null || mode === 'rehearsal' || (await notifier.scopeOf(operators)) !== null) return;
  const warning = `OPERATOR_CONVERSATION names ${operators}, where Switchyard cannot post: add the app there, write to it there once, or put the name right. Until then what is for the operators goes elsewhere or nowhere, and /healthz says so.`;
  configurationDoubtful(log, { warning });
}
