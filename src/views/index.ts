import { askBackView } from './ask-back.ts';
import { errorView } from './error.ts';
import { formView } from './form.ts';
import { gatewaysView } from './gateways.ts';
import { helpView } from './help.ts';
import { noticeView } from './notice.ts';
import { outcomeView } from './outcome.ts';
import { pendingView } from './pending.ts';
import { planView } from './plan.ts';
import { planningView } from './planning.ts';
import { progressView } from './progress.ts';
import { statusView } from './status.ts';
import type { View } from './view.ts';

/** Every view, one for each template in `cards/`. */
export const views: readonly View[] = [
  askBackView,
  errorView,
  formView,
  gatewaysView,
  helpView,
  noticeView,
  outcomeView,
  pendingView,
  planView,
  planningView,
  progressView,
  statusView,
];
