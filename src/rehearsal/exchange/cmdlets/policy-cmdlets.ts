import type { Cmdlet, CmdletContext } from '../cmdlet.ts';
import type { ExchangeObject } from '../exchange-object.ts';
import { getObjects, isWhatIf, merged, namedObject, save } from '../objects.ts';
import { type Parameters, required, text, writing } from '../parameter.ts';
import type { ObjectKind } from '../tenant.ts';

/** Get and Set of a policy that nobody creates or removes here. */
export function policyCmdlets(policy: {
  readonly noun: string;
  readonly kind: ObjectKind;
  readonly settings: Parameters;
  readonly reading?: Parameters;
  /** Refuses what Exchange refuses. */
  readonly check: (context: CmdletContext, policy: ExchangeObject) => void;
  /** Virtual seconds until mail flow acts on the policy, where not every change takes as long. */
  readonly effective?: (context: CmdletContext, policy: ExchangeObject) => number;
}): readonly Cmdlet[] {
  const { noun, kind, settings, reading = {}, check, effective } = policy;
  return [
    {
      name: `Get-${noun}`,
      parameters: { ...reading, Identity: text },
      run: (context, bound) => getObjects(context, kind, bound),
    },
    {
      name: `Set-${noun}`,
      parameters: { ...writing, ...settings, Identity: required(text) },
      run: (context, bound) => {
        const wanted = merged(namedObject(context, kind, bound), bound);
        check(context, wanted);
        if (!isWhatIf(bound)) save(context, kind, wanted, effective?.(context, wanted));
        return [];
      },
    },
  ];
}
