import type { Card } from '../core/card.ts';
import type { ProvisioningRequest } from '../core/request.ts';
import type { Health, SetUp } from '../core/set-up.ts';
import { requestRow } from './request-row.ts';
import { sampleRequest } from './samples.ts';
import { clean, counted, showName } from './text.ts';
import { showMoment } from './time.ts';
import { defineView } from './view.ts';

/** Every set-up, and every request that is not finished. */
export interface StatusInput {
  readonly setUps: readonly SetUp[];
  readonly requests: readonly ProvisioningRequest[];
  readonly now: Date;
}

const shownSetUps = 20;
const shownRequests = 12;

const healthWords: Record<Health, { health: string; color: string }> = {
  planned: { health: '○ planned', color: 'Default' },
  applying: { health: '▶ being changed', color: 'Accent' },
  settling: { health: '◷ settling', color: 'Accent' },
  proven: { health: '✓ proven', color: 'Good' },
  degraded: { health: '✗ degraded', color: 'Attention' },
  unknown: { health: '? unknown', color: 'Warning' },
};

// What needs somebody comes first.
const urgency: readonly Health[] = ['degraded', 'unknown', 'settling', 'applying', 'planned', 'proven'];

export const statusView = defineView<StatusInput>({
  template: 'status',
  model: ({ setUps, requests, now }) => {
    const sorted = [...setUps].sort((left, right) => urgency.indexOf(left.health) - urgency.indexOf(right.health));
    return {
      overview: overview(setUps, requests),
      hasSetUps: setUps.length > 0,
      noSetUps: setUps.length === 0,
      setUps: sorted.slice(0, shownSetUps).map(setUpRow),
      hasMoreSetUps: setUps.length > shownSetUps,
      moreSetUps: `… and ${setUps.length - shownSetUps} more`,
      hasRequests: requests.length > 0,
      requests: requests.slice(0, shownRequests).map(requestRow),
      hasMoreRequests: requests.length > shownRequests,
      moreRequests: `… and ${requests.length - shownRequests} more`,
      asOf: showMoment(now.toISOString(), now),
    };
  },
  summary: ({ setUps, requests }) => `Status: ${overview(setUps, requests)}`,
  sample: {
    setUps: [
      setUpSample('contoso.com', true, 'proven'),
      setUpSample('fabrikam.com', false, 'settling'),
      setUpSample('adatum.com', true, 'unknown'),
      setUpSample('wingtip.example', true, 'degraded'),
    ],
    requests: [sampleRequest, { ...sampleRequest, id: 'R-3MNPQRST', state: 'running', title: 'Unlock fabrikam.com' }],
    now: new Date('2026-11-21T14:05:00Z'),
  },
  minimal: { setUps: [], requests: [], now: new Date('2026-11-21T14:05:00Z') },
});

/** Every set-up with its health, and what is under way. */
export function statusCard(input: StatusInput): Card {
  return statusView.card(input);
}

function overview(setUps: readonly SetUp[], requests: readonly ProvisioningRequest[]): string {
  const bad = setUps.filter(({ health }) => health === 'degraded' || health === 'unknown').length;
  const looking = bad === 0 ? '' : `, ${bad} to look at`;
  return `${counted(setUps.length, 'set-up')}${looking}, ${counted(requests.length, 'open request')}`;
}

function setUpRow({ domain, gateway, locked, health }: SetUp) {
  return {
    domain: showName(domain),
    gateway: clean(gateway, 60),
    lock: locked ? 'mail from the gateway only' : 'mail from anywhere',
    ...healthWords[health],
  };
}

function setUpSample(domain: string, locked: boolean, health: Health): SetUp {
  const gateway = { gateway: 'exchangedefender', connector: 'x', ranges: [], mxPatterns: [] };
  return { tenantId: 'c0000000-0000-4000-8000-000000000001', domain, ...gateway, locked, health };
}
