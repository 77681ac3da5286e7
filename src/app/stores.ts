import { join } from 'node:path';
import { CheckpointFile } from '../adapters/audit/checkpoint-file.ts';
import { loadSigningKey } from '../adapters/audit/signing-key.ts';
import type { Chaos } from '../adapters/chaos/chaos.ts';
import type { OpenDatabase } from '../adapters/database/open-database.ts';
import { PostgresAuditTrail } from '../adapters/store/postgres-audit-trail.ts';
import { PostgresConsentStore } from '../adapters/store/postgres-consent-store.ts';
import { PostgresConversationStore } from '../adapters/store/postgres-conversation-store.ts';
import { PostgresLetterStore } from '../adapters/store/postgres-letter-store.ts';
import { PostgresMessageStore } from '../adapters/store/postgres-message-store.ts';
import { PostgresOutbox } from '../adapters/store/postgres-outbox.ts';
import { PostgresPeopleNames } from '../adapters/store/postgres-people-names.ts';
import { PostgresPolicyStore } from '../adapters/store/postgres-policy-store.ts';
import { PostgresRequestStore } from '../adapters/store/postgres-request-store.ts';
import { PostgresSetUpStore } from '../adapters/store/postgres-set-up-store.ts';
import { PostgresSignInStore } from '../adapters/store/postgres-sign-in-store.ts';
import { PostgresSubscriptionStore } from '../adapters/store/postgres-subscription-store.ts';
import { operatorsUnreachable } from '../telemetry/events.ts';
import type { Logger } from '../telemetry/log.ts';
import type { AppOptions } from './app-options.ts';

/** Everything that is kept in the database or beside it. */
export type Stores = ReturnType<typeof storesOn>;

export function storesOn({ pool, url }: OpenDatabase, { config, clock, log: appLog }: AppOptions, chaos: Chaos) {
  const auditFolder = join(config.dataFolder, 'audit');
  return {
    requests: chaos.requests(new PostgresRequestStore(pool, undefined, () => clock.now())),
    policies: chaos.policies(new PostgresPolicyStore(pool, undefined, () => clock.now())),
    audit: new PostgresAuditTrail(pool),
    checkpoints: new CheckpointFile(auditFolder, loadSigningKey(auditFolder, config.auditSigningKeyFile)),
    messages: chaos.messages(new PostgresMessageStore(pool)),
    setUps: new PostgresSetUpStore(pool),
    conversations: new PostgresConversationStore(pool, undefined, (conversation) => {
      if (conversation === config.operatorConversation) operatorsUnreachable(appLog, { conversation });
    }),
    letters: new PostgresLetterStore(pool),
    people: new PostgresPeopleNames(pool),
    subscriptions: new PostgresSubscriptionStore(pool, undefined, () => clock.now()),
    signIns: new PostgresSignInStore(pool, undefined, () => clock.now()),
    consents: chaos.consents(new PostgresConsentStore(pool, undefined, () => clock.now())),
    outboxOn: (log: Logger) => new PostgresOutbox(pool, url, log),
  };
}
