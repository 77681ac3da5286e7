import type { Card } from '../core/card.ts';
import type { Plan } from '../core/plan.ts';
import type { ProvisioningRequest } from '../core/request.ts';
import { breakGlassModel } from './break-glass.ts';
import { grouped } from './fingerprint.ts';
import { lines } from './lines.ts';
import { isWrite } from './plan-changes.ts';
import { requestHead } from './request-head.ts';
import { barePlan, bareRequest, samplePlan, sampleRequest } from './samples.ts';
import { clean } from './text.ts';
import { localMoment } from './time.ts';
import { defineView } from './view.ts';

/** A plan that somebody wants to start alone, in front of them before anything happens. */
export interface StartAloneInput {
  readonly request: ProvisioningRequest;
  readonly plan: Plan;
  /** Why, in the words they typed; they can still change them. */
  readonly reason: string;
  /** Stands for the conversation the card is for: its button acts nowhere else. */
  readonly place: string;
}

/** More than the card of a large plan can show on a phone; the whole plan is one command away. */
const mostLines = 8;

export const startAloneView = defineView<StartAloneInput>({
  template: 'start-alone',
  model: ({ request, plan, reason, place }) => {
    const dangers = plan.warnings.filter(({ level }) => level === 'danger').map(({ text }) => text);
    const changes = plan.changes.filter(isWrite).map(({ title }) => title);
    const { breakGlassMeans, planDigest } = breakGlassModel(request, true);
    return {
      ...requestHead(request),
      hasDangers: dangers.length > 0,
      dangers: lines(dangers, mostLines),
      changes: lines(changes, mostLines, 200),
      fingerprint: grouped(plan.digest),
      madeAt: `plan ${request.planVersion || 1}, read from the tenant at ${localMoment(plan.madeAt)}`,
      bound: `The button starts exactly this plan and no later one. “show ${request.id} full” shows every detail of it.`,
      means: breakGlassMeans,
      reason: clean(reason, 300),
      requestId: request.id,
      digest: planDigest,
      nonce: request.nonce,
      place,
    };
  },
  summary: ({ request }) => `${request.id}: start it alone? Nothing is started yet`,
  sample: {
    request: sampleRequest,
    plan: samplePlan,
    reason: 'all mail to the hospital is refused since 02:10',
    place: '0123456789abcdef',
  },
  minimal: { request: bareRequest, plan: barePlan, reason: '', place: '0000000000000000' },
});

/** Asks somebody who typed an emergency start whether it is this plan that they mean. */
export function startAloneCard(input: StartAloneInput): Card {
  return startAloneView.card(input);
}
