import { cancel } from './cancel.ts';
import type { Command } from './command.ts';
import { gateways } from './gateways.ts';
import { help } from './help.ts';
import { pending } from './pending.ts';
import { show } from './show.ts';
import { status } from './status.ts';

/** What anybody may ask: one sorted line per file. */
export const commands: readonly Command[] = [cancel, gateways, help, pending, show, status];
