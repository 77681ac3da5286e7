import type { Plan } from '../core/plan.ts';
import type { ProvisioningRequest } from '../core/request.ts';
import { grouped } from './fingerprint.ts';
import { type PageRow, pagesOf } from './plan-pages.ts';
import { requestHead } from './request-head.ts';
import { barePlan, bareRequest, samplePlan, sampleRequest } from './samples.ts';
import { defineView } from './view.ts';

/** One page of a plan that is too long for one card. */
export interface PlanPageInput {
  readonly request: ProvisioningRequest;
  readonly plan: Plan;
  /** From 1; a page beyond the last shows the last. */
  readonly page: number;
  /** Whether the reader turns pages on this card; otherwise all pages are posted one below the other. */
  readonly turns: boolean;
}

export const planPageView = defineView<PlanPageInput>({
  template: 'plan-page',
  model: ({ request, plan, page, turns }) => {
    const pages = pagesOf(plan);
    const at = Math.min(Math.max(1, page), pages.length);
    return {
      ...requestHead(request),
      headline: `The whole plan – page ${at} of ${pages.length}`,
      rows: (pages[at - 1] ?? []).map(rowModel),
      fingerprint: grouped(plan.digest),
      turns,
      hasBefore: turns && at > 1,
      before: String(at - 1),
      hasAfter: turns && at < pages.length,
      after: String(at + 1),
      requestId: request.id,
      digest: plan.digest.slice(0, 16),
      nonce: request.nonce,
    };
  },
  summary: ({ request, page }) => `${request.id}: page ${page} of the plan for ${request.tenant.name}`,
  sample: { request: sampleRequest, plan: samplePlan, page: 1, turns: true },
  minimal: { request: bareRequest, plan: barePlan, page: 1, turns: false },
});

function rowModel({ kind, text }: PageRow) {
  return {
    text,
    spacing: kind === 'heading' ? 'Large' : kind === 'strong' ? 'Medium' : 'Small',
    isHeading: kind === 'heading',
    isStrong: kind === 'strong',
    isText: kind === 'text',
    isCode: kind === 'code',
  };
}
