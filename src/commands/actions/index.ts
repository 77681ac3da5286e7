import type { Action } from '../command.ts';
import { answer } from './answer.ts';
import { approve } from './approve.ts';
import { back } from './back.ts';
import { breakGlass } from './break-glass.ts';
import { cancel } from './cancel.ts';
import { connectCheck } from './connect-check.ts';
import { deny } from './deny.ts';
import { hold } from './hold.ts';
import { page } from './page.ts';
import { pause } from './pause.ts';
import { release } from './release.ts';
import { resume } from './resume.ts';
import { retry } from './retry.ts';
import { reviewAccept } from './review-accept.ts';
import { reviewObject } from './review-object.ts';
import { startAlone } from './start-alone.ts';
import { stop } from './stop.ts';
import { submit } from './submit.ts';

/** What the buttons of our cards do: one sorted line per file, named by its verb. */
export const actions: readonly Action[] = [
  answer,
  approve,
  back,
  breakGlass,
  cancel,
  connectCheck,
  deny,
  hold,
  page,
  pause,
  release,
  resume,
  retry,
  reviewAccept,
  reviewObject,
  startAlone,
  stop,
  submit,
];
