import type { Card } from '../core/card.ts';
import type { JsonObject } from '../core/json.ts';
import type { ProvisioningRequest } from '../core/request.ts';
import type { Health, SetUp } from '../core/set-up.ts';
import { roomy } from './budget.ts';
import { requestRow } from './request-row.ts';
import { sampleRequest } from './samples.ts';
import { clean, counted, showName } from './text.ts';
import { localMoment } from './time.ts';
import { defineView } from './view.ts';

/** Every set-up, and every request that is not finished. */
export interface StatusInput {
  readonly setUps: readonly SetUp[];
  readonly requests: readonly ProvisioningRequest[];
  readonly now: Date;
}

interface StatusRoom {
  readonly setUps: number;
  readonly requests: number;
}

const rooms: readonly StatusRoom[] = [
  { setUps: 25, requests: 12 },
  { setUps: 15, requests: 8 },
  { setUps: 8, requests: 4 },
];

const weight = { fixed: 1800, row: 520 };

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
  model: (input) => roomy(rooms, weight, (room) => statusModel(input, room)),
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
  const gateway = { gateway: 'exchangedefender', gatewayVersion: '1', connector: 'x', ranges: [], mxPatterns: [] };
  return { tenantId: 'c0000000-0000-4000-8000-000000000001', domain, ...gateway, locked, health };
}

function statusModel({ setUps, requests, now }: StatusInput, room: StatusRoom): JsonObject {
  const sorted = [...setUps].sort((left, right) => urgency.indexOf(left.health) - urgency.indexOf(right.health));
  return {
    overview: overview(setUps, requests),
    hasSetUps: setUps.length > 0,
    noSetUps: setUps.length === 0,
    setUps: sorted.slice(0, room.setUps).map(setUpRow),
    hasMoreSetUps: setUps.length > room.setUps,
    moreSetUps: `… and ${setUps.length - room.setUps} more`,
    hasRequests: requests.length > 0,
    requests: requests.slice(0, room.requests).map(requestRow),
    hasMoreRequests: requests.length > room.requests,
    moreRequests: `… and ${requests.length - room.requests} more`,
    asOf: localMoment(now.toISOString()),
  };
}
