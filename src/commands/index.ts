import { access } from './access.ts';
import { answer } from './answer.ts';
import { breakGlass } from './break.ts';
import { cancel } from './cancel.ts';
import type { Command } from './command.ts';
import { connect } from './connect.ts';
import { gateways } from './gateways.ts';
import { help } from './help.ts';
import { hold } from './hold.ts';
import { pause } from './pause.ts';
import { pending } from './pending.ts';
import { policy } from './policy.ts';
import { release } from './release.ts';
import { resume } from './resume.ts';
import { retry } from './retry.ts';
import { review } from './review.ts';
import { show } from './show.ts';
import { status } from './status.ts';
import { subscribe } from './subscribe.ts';
import { subscriptions } from './subscriptions.ts';
import { unsubscribe } from './unsubscribe.ts';

/** What anybody may ask: one sorted line per file. */
export const commands: readonly Command[] = [
  access,
  answer,
  breakGlass,
  cancel,
  connect,
  gateways,
  help,
  hold,
  pause,
  pending,
  policy,
  release,
  resume,
  retry,
  review,
  show,
  status,
  subscribe,
  subscriptions,
  unsubscribe,
];
