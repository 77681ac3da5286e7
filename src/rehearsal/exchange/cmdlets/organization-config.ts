import type { Cmdlet } from '../cmdlet.ts';
import { badArgument } from '../exchange-error.ts';
import { isOn } from '../exchange-object.ts';
import { getObjects, isWhatIf, merged, save } from '../objects.ts';
import { flag, writing } from '../parameter.ts';

const KIND = 'organizationConfig';

export const organizationConfigCmdlets: readonly Cmdlet[] = [
  {
    name: 'Get-OrganizationConfig',
    parameters: {},
    run: (context, bound) => getObjects(context, KIND, bound),
  },
  {
    name: 'Set-OrganizationConfig',
    parameters: { ...writing, RejectDirectSend: flag },
    run: (context, bound) => {
      const [config] = context.tenant.stores[KIND].stored();
      if (config && !isWhatIf(bound)) save(context, KIND, merged(config, bound));
      return [];
    },
  },
  {
    name: 'Enable-OrganizationCustomization',
    parameters: writing,
    run: (context, bound) => {
      const [config] = context.tenant.stores[KIND].stored();
      if (!config || !isOn(config, 'IsDehydrated')) {
        throw badArgument('This operation is not available: the organization is already enabled for customization.');
      }
      if (isWhatIf(bound)) return null;
      context.tenant.switches.isDehydrated = false;
      save(context, KIND, { ...config, IsDehydrated: false });
      return null;
    },
  },
];
