import { describe, expect, it } from 'vitest';
import { cmdletTable } from '../../src/adapters/exchange-online/cmdlet-table.ts';
import type { ParameterKind } from '../../src/adapters/exchange-online/cmdlets/parameter-kind.ts';
import { bodyOf } from '../../src/adapters/exchange-online/encode.ts';
import type { Json } from '../../src/core/json.ts';
import { powershell } from '../../src/views/powershell.ts';

const HASHTABLE = { '@odata.type': '#Exchange.GenericHashTable' };
const MERGE = { Add: ['x'], Remove: ['y', 'z'] };

/** A value as it is sent, and as it is written in PowerShell behind the name of its parameter. */
type Form = readonly [value: Json, sent: Json, written: string];

/** What the kind of a parameter says about its forms. */
function formsOf(kind: ParameterKind): readonly Form[] {
  const cleared: Form = [null, null, ' $null'];
  switch (kind.kind) {
    case 'flag':
      return ([true, false] as const).map((value) => [value, value, `${kind.isSwitch ? ':' : ' '}$${value}`]);
    case 'choice':
      return [...kind.of.map((word): Form => [word, word, ` '${word}'`]), cleared];
    case 'choices':
      return [[kind.of, kind.of, ` @('${kind.of.join("', '")}')`]];
    case 'integer':
      return [[kind.least, kind.least, ` ${kind.least}`]];
    case 'number':
      return kind.of.map((value) => [value, value, ` ${value}`]);
    case 'moment':
      return [['2026-05-01T12:00:00Z', '2026-05-01T12:00:00Z', " '2026-05-01T12:00:00Z'"]];
    case 'text':
      return [["Bob's", "Bob's", " 'Bob''s'"], cleared];
    case 'texts':
      return [[['x'], ['x'], " @('x')"], [[], [], ' @()'], cleared, ...(kind.merges ? [merged] : [])];
  }
}

const merged: Form = [MERGE, { ...HASHTABLE, ...MERGE }, " @{ 'Add' = @('x'); 'Remove' = @('y', 'z') }"];

const every = [...cmdletTable].flatMap(([cmdlet, { parameters }]) =>
  Object.entries(parameters).flatMap(([name, kind]) => formsOf(kind).map((form) => ({ cmdlet, name, form }))),
);

describe('adapters/exchange-online: one table', () => {
  it('decides how every parameter of every cmdlet is sent', () => {
    expect(every.length).toBeGreaterThan(500);
    for (const { cmdlet, name, form } of every) {
      const [value, sent] = form;
      expect(bodyOf({ cmdlet, parameters: { [name]: value } })).toEqual({
        CmdletInput: { CmdletName: cmdlet, Parameters: { [name]: sent } },
      });
    }
  });

  it('decides how every parameter of every cmdlet is written in PowerShell', () => {
    for (const { cmdlet, name, form } of every) {
      const [value, , written] = form;
      expect(powershell({ cmdlet, parameters: { [name]: value } })).toBe(`${cmdlet} -${name}${written}`);
    }
  });

  it('makes a hashtable of nothing that cannot be merged', () => {
    const parameters = { SenderIPAddresses: MERGE };
    expect(bodyOf({ cmdlet: 'Set-InboundConnector', parameters })).toMatchObject({
      CmdletInput: { Parameters: parameters },
    });
    expect(JSON.stringify(bodyOf({ cmdlet: 'Set-InboundConnector', parameters }))).not.toContain('@odata.type');
  });

  it('knows one switch, which every write takes', () => {
    const switches = every.filter(({ form: [, , written] }) => written.startsWith(':'));
    const writes = [...cmdletTable].filter(([, { effect }]) => effect === 'write').map(([cmdlet]) => cmdlet);
    expect(new Set(switches.map(({ name }) => name))).toEqual(new Set(['Confirm']));
    expect(new Set(switches.map(({ cmdlet }) => cmdlet))).toEqual(new Set(writes));
  });
});
