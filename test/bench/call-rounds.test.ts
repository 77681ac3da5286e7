import { describe, expect, it } from 'vitest';
import { roundsNeeded, sequentialRounds } from './call-rounds.ts';
import type { ExchangeCall } from './exchange-tap.ts';
import { percentile } from './percentile.ts';

function call(startedAt: number, endedAt: number, ...cmdlets: string[]): ExchangeCall {
  return { tenant: 'contoso', cmdlets, startedAt, endedAt };
}

describe('bench/call-rounds', () => {
  it('needs one round of reads, and for every write the write and one read', () => {
    const calls = [
      call(0, 1, 'Get-AcceptedDomain', 'Get-InboundConnector'),
      call(1, 2, 'Get-InboundConnector'),
      call(2, 3, 'New-InboundConnector'),
      call(3, 4, 'Set-InboundConnector'),
      call(4, 5, 'Get-InboundConnector'),
      call(5, 6, 'Get-InboundConnector'),
    ];

    expect(roundsNeeded(calls)).toBe(5);
    expect(sequentialRounds(calls)).toBe(6);
  });

  it('counts calls that overlap as one round that was taken', () => {
    const calls = [
      call(0, 10, 'Get-AcceptedDomain'),
      call(1, 9, 'Get-TransportRule'),
      call(10, 20, 'New-InboundConnector'),
    ];

    expect(sequentialRounds(calls)).toBe(2);
  });
});

describe('bench/percentile', () => {
  it('takes the nearest rank', () => {
    const values = Array.from({ length: 200 }, (_, index) => 200 - index);

    expect(percentile(values, 0.5)).toBe(100);
    expect(percentile(values, 0.99)).toBe(198);
    expect(percentile([7], 0.99)).toBe(7);
  });
});
