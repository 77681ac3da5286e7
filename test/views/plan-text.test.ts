import { describe, expect, it } from 'vitest';
import { planText } from '../../src/app/plan-text.ts';
import { samplePlan, sampleRequest } from '../../src/views/samples.ts';

const kept = [1, 2].map((version) => ({
  requestId: sampleRequest.id,
  version,
  at: '2026-11-21T14:05:00.000Z',
  plan: { ...samplePlan, title: `Plan *${version}*` },
}));

describe('the whole plan as a text', () => {
  it('is the last one that was decided on, or the one that is named', () => {
    expect(planText(sampleRequest, kept, {})).toContain(String.raw`# Plan \*2\*`);
    expect(planText(sampleRequest, kept, { plan: '1' })).toContain(String.raw`# Plan \*1\*`);
    expect(JSON.parse(planText(sampleRequest, kept, { plan: '1', json: true }))).toEqual(kept[0]);
  });

  it('holds every part, with the PowerShell as code that can be pasted', () => {
    const text = planText(sampleRequest, kept, {});
    expect(text.match(/^## .*$/gmu)).toEqual([
      '## Danger',
      '## Before you decide',
      '## What will be done',
      '## Already as wanted, left alone',
      '## If it is stopped or fails',
      '## Whom it touches',
      '## How it will be proven',
      '## What stays as it is',
      '## Facts it relies on',
      '## Values it is made from',
      '## PowerShell that does it',
      '## PowerShell that takes it back',
      '## What an approval binds to',
    ]);
    expect(text).toMatch(/```powershell\nNew-InboundConnector -Name '.*\n(?:.*\n)*?```/u);
  });

  it('says which plans there are when the named one is none of them', () => {
    expect(() => planText(sampleRequest, kept, { plan: '7' })).toThrow('has no plan 7');
    expect(() => planText(sampleRequest, [], {})).toThrow('has no plan yet');
  });
});
