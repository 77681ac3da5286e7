import type { Migration } from './migration.ts';

export const consentPlaces: Migration = {
  name: '0008-consent-places',
  sql: `
    alter table switchyard.consents add column conversation text;
    -- Where the card of the link is shown: {"conversation","messageId"}.
    alter table switchyard.consents add column card json;
  `,
};
