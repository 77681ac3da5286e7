import type { Chaos } from '../adapters/chaos/chaos.ts';
import { keepCheckpoints } from '../core/audit/keep-checkpoints.ts';
import { watchDue } from '../core/due-loop.ts';
import type { DurableEngine } from '../core/durable.ts';
import type { Gate } from '../core/gate.ts';
import type { RoleSource } from '../core/policy/role-source.ts';
import { startRun } from '../core/start-run.ts';
import type { Effect } from '../core/store.ts';
import { Delivery, type DeliveryOptions } from '../teams/deliver.ts';
import { auditUnsigned, defectSeen } from '../telemetry/events.ts';
import { powershell } from '../views/powershell.ts';
import type { AppOptions } from './app-options.ts';
import type { Stores } from './stores.ts';
import type { TellConsent } from './tell-consent.ts';

/** What happens between turns is done with these. */
export interface BackgroundParts {
  readonly stores: Stores;
  readonly gate: Gate;
  readonly durable: DurableEngine;
  readonly notifier: DeliveryOptions['notifier'];
  readonly roles: RoleSource;
  readonly chaos: Chaos;
  readonly tellConsent: TellConsent;
}

/** Everything that happens between turns: effects are carried out, and what time brings about happens. */
export async function backgroundWork(
  { config, clock, log }: Pick<AppOptions, 'config' | 'clock' | 'log'>,
  { stores, gate, durable, notifier, roles, chaos, tellConsent }: BackgroundParts,
  signal: AbortSignal,
): Promise<void> {
  const { requests: store, messages } = stores;
  const engine = chaos.engine(durable);
  const delivery = new Delivery({
    store,
    messages,
    letters: chaos.letters(stores.letters, store),
    subscriptions: stores.subscriptions,
    roles,
    policies: stores.policies,
    notifier,
    clock,
    operatorConversation: config.operatorConversation,
    log,
  });
  const carryOut = async (effect: Effect, attempts: number): Promise<void> => {
    switch (effect.kind) {
      case 'start':
        return startRun({ engine, gate, store, commandLine: powershell }, effect.call, attempts);
      case 'message':
        return engine.send(effect.runId, effect.topic, effect.message ?? true, effect.key);
      case 'card':
        return delivery.card(effect.requestId, attempts);
      case 'notice':
        return delivery.notice(effect);
      case 'consent':
        await tellConsent(effect);
        return delivery.look();
      case 'plan':
      case 'set-up':
        // Written with the request itself, in its transaction.
        return;
    }
  };
  await Promise.all([
    stores.outboxOn(log).drain(chaos.effects(carryOut, store, stores.consents), signal),
    delivery.send(signal, (error) => defectSeen(log, error)),
    watchDue({ store, gate, clock, policies: stores.policies }, signal, (error) => defectSeen(log, error)),
    keepCheckpoints({ trail: stores.audit, book: stores.checkpoints, clock }, signal, (error) =>
      auditUnsigned(log, error),
    ),
  ]);
}
