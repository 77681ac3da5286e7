import type { ProvisioningRequest } from '../core/request.ts';
import { behindModel } from './behind.ts';
import { requestHead } from './request-head.ts';
import { bareRequest, sampleRequest } from './samples.ts';
import { localMoment } from './time.ts';
import { defineView } from './view.ts';

/** A request whose plan is being made. */
export interface PlanningInput {
  readonly request: ProvisioningRequest;
  readonly now: Date;
}

export const planningView = defineView<PlanningInput>({
  template: 'planning',
  model: ({ request }) => ({
    ...requestHead(request),
    ...behindModel(request),
    asked: localMoment(request.createdAt),
  }),
  summary: ({ request }) => `${request.id}: working out the plan for ${request.tenant.name}`,
  sample: { request: sampleRequest, now: new Date('2026-11-21T14:05:00Z') },
  minimal: { request: bareRequest, now: new Date('2026-11-21T14:05:00Z') },
});
