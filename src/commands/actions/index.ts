import type { Action } from '../command.ts';
import { approve } from './approve.ts';
import { cancel } from './cancel.ts';
import { deny } from './deny.ts';
import { stop } from './stop.ts';
import { submit } from './submit.ts';

/** What the buttons of our cards do: one sorted line per file, named by its verb. */
export const actions: readonly Action[] = [approve, cancel, deny, stop, submit];
