import type { CmdletCall } from '../../core/change.ts';
import { consentName } from '../../core/consent-name.ts';
import type { DurableEngine, DurableFunction } from '../../core/durable.ts';
import type { PolicyStore } from '../../core/policy/policy-store.ts';
import type { ProvisioningRequest } from '../../core/request.ts';
import type { AuditEntry, Effect, EffectHandler, MessageStore, RequestStore } from '../../core/store.ts';
import { requestIdOf } from '../../core/transitions/run-call.ts';
import type { ConsentStore } from '../../ports/admin-consent.ts';
import type { ExchangeOnline } from '../../ports/exchange-online.ts';
import type { LetterStore } from '../../ports/letters.ts';
import type { Notifier } from '../../ports/notifier.ts';
import { chaosConsents } from './chaos-consents.ts';
import { chaosFunction } from './chaos-function.ts';
import { chaosLetters } from './chaos-letters.ts';
import { Failpoints } from './failpoints.ts';
import { withPoints } from './with-points.ts';

/** Puts failpoints around everything that has an effect. Without a file each part comes back as it is. */
export interface Chaos {
  requests<Store extends RequestStore>(store: Store): Store;
  messages<Store extends MessageStore>(store: Store): Store;
  letters<Store extends LetterStore>(letters: Store, store: RequestStore): LetterStore;
  policies<Store extends PolicyStore>(store: Store): Store;
  consents(store: ConsentStore): ConsentStore;
  exchange<Exchange extends ExchangeOnline>(exchange: Exchange): Exchange;
  notifier<Out extends Notifier>(notifier: Out): Out;
  engine<Engine extends DurableEngine>(engine: Engine): Engine;
  functions(functions: readonly DurableFunction[], store: RequestStore): readonly DurableFunction[];
  effects(handle: EffectHandler, store: RequestStore, consents: ConsentStore): EffectHandler;
}

const none: Chaos = {
  requests: (store) => store,
  messages: (store) => store,
  letters: (letters) => letters,
  policies: (store) => store,
  consents: (store) => store,
  exchange: (exchange) => exchange,
  notifier: (notifier) => notifier,
  engine: (engine) => engine,
  functions: (functions) => functions,
  effects: (handle) => handle,
};

/** `file` holds the orders where this process is to be hit, see {@link Failpoints}; null puts nothing in between. */
export function createChaos(file: string | null): Chaos {
  if (file === null) return none;
  const failpoints = new Failpoints(file);
  return {
    requests: (store) =>
      withPoints<RequestStore>(failpoints, store, {
        create: (request) => pointOf(failpoints, request, 'creating the request'),
        save: (request, _effects, audit) => pointOf(failpoints, request, `saving ${savedBy(request, audit)}`),
      }) as typeof store,
    messages: (store) =>
      withPoints<MessageStore>(failpoints, store, {
        rememberCard: (requestId) => ({ name: 'remembering the card', requestId }),
      }) as typeof store,
    letters: (letters, store) => chaosLetters(failpoints, letters, store),
    policies: (store) =>
      withPoints<PolicyStore>(failpoints, store, {
        add: (_number, _document, requestId) => ({ name: 'Set-ApprovalPolicy', requestId }),
      }) as typeof store,
    consents: (store) => chaosConsents(failpoints, store),
    exchange: (exchange) => ({
      ...exchange,
      tenant: (id) => {
        const point = ({ cmdlet }: CmdletCall) => ({ name: cmdlet });
        return withPoints(failpoints, exchange.tenant(id), { invoke: point, restore: point });
      },
    }),
    notifier: (notifier) =>
      withPoints<Notifier>(failpoints, notifier, {
        post: (_conversation, { template }) => ({ name: `posting a ${template}` }),
        update: (_message, { template }) => ({ name: `editing the card to ${template}` }),
      }) as typeof notifier,
    engine: (engine) =>
      withPoints<DurableEngine>(failpoints, engine, {
        start: (call) => ({ name: `starting ${call.function}` }),
        send: (_runId, topic) => ({ name: `sending to ${topic}` }),
      }) as typeof engine,
    functions: (functions, store) => functions.map((one) => chaosFunction(failpoints, one, store)),
    effects: (handle, store, consents) => async (effect, attempts) => {
      const requestId = requestOf(effect);
      // Whoever looks a link up knows its points from then on.
      if (effect.kind === 'consent') await consents.find(effect.consentId);
      const request = await store.get(requestId);
      if (request) failpoints.know(request);
      const name = effect.kind === 'notice' ? `notice ${effect.notice.kind} to ${effect.audience}` : effect.kind;
      await failpoints.within(requestId, async () => {
        failpoints.reach(`before effect ${name}`);
        await handle(effect, attempts);
        failpoints.reach(`after effect ${name}`);
      });
    },
  };
}

function pointOf(failpoints: Failpoints, request: ProvisioningRequest, name: string) {
  failpoints.know(request);
  return { name, requestId: request.id };
}

function savedBy({ proofs }: ProvisioningRequest, audit: AuditEntry | null): string {
  if (!audit) return `proof ${proofs.length}`;
  const { step } = audit.detail;
  return typeof step === 'number' ? `${audit.action} ${step}` : audit.action;
}

function requestOf(effect: Effect): string {
  switch (effect.kind) {
    case 'start':
      return requestIdOf(effect.call.input);
    case 'message':
      return effect.runId.split(':')[0] ?? '';
    case 'card':
      return effect.requestId;
    case 'notice':
      return effect.notice.requestId;
    case 'plan':
      return effect.kept.requestId;
    case 'consent':
      return consentName(effect.consentId);
    case 'set-up':
      return '';
  }
}
