import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { literal } from '../../src/core/powershell-literal.ts';
import { powershell, undoLine } from '../../src/views/powershell.ts';
import { samplePlan } from '../../src/views/samples.ts';
import { cleanCode } from '../../src/views/text.ts';
import { hostileText } from './hostile.ts';

/** Reads a string expression as PowerShell does: quoted pieces and characters by number, joined by plus. */
function evaluate(expression: string): string {
  const piece =
    /'((?:[^'\u2018-\u201b]|['\u2018-\u201b]{2})*)'|\[char\]0x([0-9a-f]{4})|\[char\]::ConvertFromUtf32\(0x([0-9a-f]+)\)/y;
  const inner = expression.startsWith('(') ? expression.slice(1, -1) : expression;
  let value = '';
  let at = 0;
  while (at < inner.length) {
    piece.lastIndex = at;
    const found = piece.exec(inner);
    if (found === null) throw new Error(`not a string expression: ${inner.slice(at)}`);
    const [all, quoted, unit, point] = found;
    if (quoted !== undefined) value += quoted.replace(/(['\u2018-\u201b])\1/g, '$1');
    else
      value +=
        unit === undefined
          ? String.fromCodePoint(Number.parseInt(point ?? '', 16))
          : String.fromCharCode(Number.parseInt(unit, 16));
    at += all.length;
    if (inner.startsWith(' + ', at)) at += 3;
  }
  return value;
}

describe('views/powershell', () => {
  it('writes a call as one line that can be pasted', () => {
    const call = {
      cmdlet: 'New-InboundConnector',
      parameters: {
        Name: "Bob's gateway",
        SenderDomains: ['*'],
        RequireTls: true,
        Comment: null,
        Priority: 3,
        Ranges: { Add: ['192.0.2.1'] },
        Confirm: false,
      },
    };
    expect(powershell(call)).toBe(
      "New-InboundConnector -Name 'Bob''s gateway' -SenderDomains @('*') -RequireTls $true -Comment $null -Priority 3 -Ranges @{ 'Add' = @('192.0.2.1') } -Confirm:$false",
    );
  });

  it('writes texts that mean the same, show every character and cannot run anything', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const expression = literal(text);
        expect(evaluate(expression)).toBe(text);
        expect(expression).not.toMatch(/[\p{Cc}\p{Cf}]|\$\{|\{\{/u);
        expect(cleanCode(expression, 1_000_000)).toBe(expression.replace(/<(?=\/?at\b)/gi, '< '));
      }),
      { numRuns: 2000 },
    );
  });

  it('takes typographic quotes for quotes, as PowerShell does', () => {
    expect(literal('a’; Remove-Item x; ‘')).toBe("'a’’; Remove-Item x; ‘‘'");
  });

  it('says how a change is undone, or that it cannot be', () => {
    const [create] = samplePlan.changes;
    if (create === undefined) throw new Error('the sample plan has changes');
    expect(undoLine(create)).toBe(
      "Remove-InboundConnector -Identity 'Switchyard – scanners – contoso.com' -Confirm:$false",
    );
    expect(undoLine({ ...create, inverse: null, irreversible: 'mail\nwas lost' })).toBe(
      '# New-InboundConnector cannot be undone: mail was lost',
    );
  });
});
