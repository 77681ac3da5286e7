import { firstTables } from './0001-first-tables.ts';
import { consents } from './0002-consents.ts';
import { approvalPolicies } from './0003-approval-policies.ts';
import { clocks } from './0004-clocks.ts';
import { signIns } from './0005-sign-ins.ts';
import { notices } from './0006-notices.ts';
import { consentPlaces } from './0008-consent-places.ts';
import { plans } from './0010-plans.ts';
import { subscribers } from './0011-subscribers.ts';
import { people } from './0012-people.ts';
import { letterWishes } from './0013-letter-wishes.ts';
import { auditTurns } from './0014-audit-turns.ts';
import { lastTurn } from './0015-last-turn.ts';
import { placesGone } from './0016-places-gone.ts';
import { letterRefusals } from './0017-letter-refusals.ts';
import type { Migration } from './migration.ts';

/** All migrations, oldest first. */
export const migrations: readonly Migration[] = [
  firstTables,
  consents,
  approvalPolicies,
  clocks,
  signIns,
  notices,
  consentPlaces,
  plans,
  subscribers,
  people,
  letterWishes,
  auditTurns,
  lastTurn,
  placesGone,
  letterRefusals,
];
