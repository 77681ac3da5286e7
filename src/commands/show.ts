import type { Plan } from '../core/plan.ts';
import type { ProvisioningRequest } from '../core/request.ts';
import { planPageView } from '../views/plan-page.ts';
import { pageCount } from '../views/plan-pages.ts';
import { requestCard } from '../views/request-card.ts';
import type { Command } from './command.ts';
import { namedRequest } from './named-request.ts';
import { planViewed } from './plan-viewed.ts';
import type { Reply } from './turn.ts';

export const show: Command = {
  name: 'show',
  aliases: [],
  phrase: 'show <request>',
  summary: 'Shows one request with its plan; with “full” behind it, the whole plan on as many cards as it takes.',
  run: async (services, turn, words) => {
    const request = await namedRequest(services, words);
    const { plan } = request;
    if (plan && words.some((word) => /^full[.!]?$/iu.test(word))) {
      await planViewed(services, turn, request, plan);
      return inFull({ ...request, plan });
    }
    return { card: requestCard(request, services.clock.now(), { buttons: false }) };
  },
};

/** Every page of the plan, one below the other. They are not edited later, so they keep what was asked for. */
function inFull(request: ProvisioningRequest & { readonly plan: Plan }): Reply {
  const { plan } = request;
  const [card, ...more] = Array.from({ length: pageCount(plan) }, (_, at) =>
    planPageView.card({ request, plan, page: at + 1, turns: false }),
  );
  return card ? { card, more } : { card: planPageView.card({ request, plan, page: 1, turns: false }) };
}
