import type { Card } from '../core/card.ts';
import { clean, counted } from './text.ts';
import { defineView } from './view.ts';

/** What the catalogue says about one gateway. */
export interface GatewayRow {
  readonly key: string;
  readonly name: string;
  /** Empty when the administrator types them in. */
  readonly ranges: readonly string[];
  /** ISO date on which the entry was checked. */
  readonly asOf: string;
}

/** The gateways of the catalogue. */
export interface GatewaysInput {
  readonly gateways: readonly GatewayRow[];
}

const shown = 20;

export const gatewaysView = defineView<GatewaysInput>({
  template: 'gateways',
  model: ({ gateways }) => ({
    hasGateways: gateways.length > 0,
    gateways: gateways.slice(0, shown).map(({ key, name, ranges, asOf }) => ({
      key: clean(key, 60),
      name: clean(name, 80),
      ranges: rangesText(ranges),
      asOf: clean(asOf, 20),
    })),
    hasMore: gateways.length > shown,
    more: `… and ${gateways.length - shown} more`,
  }),
  summary: ({ gateways }) => `The catalogue knows ${counted(gateways.length, 'gateway')}`,
  sample: {
    gateways: [
      { key: 'exchangedefender', name: 'ExchangeDefender', ranges: ['65.99.255.0/24'], asOf: '2026-11-21' },
      { key: 'generic', name: 'Any other gateway', ranges: [], asOf: '2026-11-21' },
      {
        key: 'mailprotector',
        name: 'Mailprotector (CloudFilter)',
        ranges: ['52.0.31.31', '52.0.70.91', '52.0.74.211'],
        asOf: '2026-11-21',
      },
    ],
  },
  minimal: { gateways: [] },
});

/** The catalogue of gateways. */
export function gatewaysCard(input: GatewaysInput): Card {
  return gatewaysView.card(input);
}

function rangesText(ranges: readonly string[]): string {
  if (ranges.length === 0) return 'you type them in';
  const shown = ranges.slice(0, 4).map((range) => clean(range, 24));
  const more = ranges.length - shown.length;
  return more > 0 ? `${shown.join(', ')} … and ${more} more` : shown.join(', ');
}
