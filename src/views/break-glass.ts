import { isAloneUnderWay, mayBeStartedAlone, owed } from '../core/break-glass.ts';
import type { ProvisioningRequest } from '../core/request.ts';
import { type Buttons, offers } from './buttons.ts';

/** Which of the buttons for emergencies a card has, and what it says about them. */
export function breakGlassModel(request: ProvisioningRequest, buttons: Buttons) {
  const { clocks, plan, breakGlass } = request;
  const hasEnded = !isAloneUnderWay(request);
  const hours = clocks.answerWithinHours;
  return {
    canBreakGlass: offers(buttons, 'break-glass') && mayBeStartedAlone(request) && hours !== null && plan !== null,
    breakGlassMeans: `For an emergency that cannot wait for an approval, and only for those the policy names. It starts at once, also outside change windows and in a freeze. Everybody is told loudly and it stays on record. Within ${hours ?? 0} h you have to say what happened, once it has ended, and somebody else reviews it; until then you can ask for nothing else and decide on nothing.`,
    planDigest: plan?.digest.slice(0, 16) ?? '',
    canAnswer: offers(buttons, 'answer') && hasEnded && owed(request) === 'answer',
    canReview: offers(buttons, 'review') && hasEnded && owed(request) === 'review',
    whoBroke: breakGlass?.by.name ?? '',
  };
}
