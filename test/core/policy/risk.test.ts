import { describe, expect, it } from 'vitest';
import type { Change } from '../../../src/core/change.ts';
import { riskOf } from '../../../src/core/policy/risk.ts';

const call = { cmdlet: 'Set-InboundConnector', parameters: {} };
const harmless: Change = {
  step: 'Set-InboundConnector',
  object: { kind: 'InboundConnector', identity: 'x' },
  action: 'update',
  title: 'x',
  fields: [],
  call,
  inverse: call,
  irreversible: null,
  risky: false,
};
const nothing: Change = { ...harmless, action: 'no-op', call: null, inverse: null };

describe('the risk of a plan', () => {
  it.each([
    ['none', 'has no changes', []],
    ['none', 'finds everything as wanted', [nothing]],
    ['normal', 'makes a change that can be taken back', [nothing, harmless]],
    ['high', 'can stop or open mail flow', [harmless, { ...harmless, risky: true }]],
    ['high', 'removes something', [{ ...harmless, action: 'remove' }]],
    ['high', 'cannot be taken back', [{ ...harmless, inverse: null, irreversible: 'it is gone' }]],
    ['high', 'is about who approves', [{ ...harmless, object: { kind: 'ApprovalPolicy', identity: 'in force' } }]],
  ] as const)('is %s when it %s', (risk, _what, changes) => {
    expect(riskOf({ changes })).toBe(risk);
  });
});
