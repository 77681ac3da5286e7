import { askBackView } from './ask-back.ts';
import { connectView } from './connect.ts';
import { digestView } from './digest.ts';
import { errorView } from './error.ts';
import { formView } from './form.ts';
import { gatewaysView } from './gateways.ts';
import { helpView } from './help.ts';
import { noticeView } from './notice.ts';
import { outcomeView } from './outcome.ts';
import { pendingView } from './pending.ts';
import { planView } from './plan.ts';
import { planPageView } from './plan-page.ts';
import { planningView } from './planning.ts';
import { policyView } from './policy.ts';
import { progressView } from './progress.ts';
import { signInView } from './sign-in.ts';
import { startAloneView } from './start-alone.ts';
import { statusView } from './status.ts';
import { subscriptionsView } from './subscriptions.ts';
import type { View } from './view.ts';

/** Every view, one for each template in `cards/`. */
export const views: readonly View[] = [
  askBackView,
  connectView,
  digestView,
  errorView,
  formView,
  gatewaysView,
  helpView,
  noticeView,
  outcomeView,
  pendingView,
  planView,
  planPageView,
  planningView,
  policyView,
  progressView,
  signInView,
  startAloneView,
  statusView,
  subscriptionsView,
];
