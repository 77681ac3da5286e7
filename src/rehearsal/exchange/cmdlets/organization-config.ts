import type { Cmdlet } from '../cmdlet.ts';
import { badArgument } from '../exchange-error.ts';
import type { ExchangeObject } from '../exchange-object.ts';
import { getObjects, isWhatIf, merged, save } from '../objects.ts';
import { writing } from '../parameter.ts';
import { organizationDefaults } from '../parameters/organization-defaults.ts';
import { organizationSettings } from '../parameters/organization-parameters.ts';

const KIND = 'organizationConfig';

/** Settings that nobody has touched: null where the usual value is not documented. */
const untouched: ExchangeObject = {
  ...Object.fromEntries(
    Object.entries(organizationSettings)
      .filter(([name]) => name !== 'Force')
      .map(([name, { kind }]) => [name, kind === 'list' ? [] : null]),
  ),
  ...organizationDefaults,
};

export const organizationConfigCmdlets: readonly Cmdlet[] = [
  {
    name: 'Get-OrganizationConfig',
    parameters: {},
    run: (context, bound) =>
      getObjects(context, KIND, bound).map((config) => ({
        ...untouched,
        ...config,
        IsDehydrated: context.tenant.switches.isDehydrated,
      })),
  },
  {
    name: 'Set-OrganizationConfig',
    parameters: { ...writing, ...organizationSettings },
    run: (context, bound) => {
      const [config] = context.tenant.stores[KIND].stored();
      const wanted = new Map([...bound].filter(([name]) => name !== 'Force'));
      if (config && !isWhatIf(bound)) save(context, KIND, merged(config, wanted));
      return [];
    },
  },
  {
    name: 'Enable-OrganizationCustomization',
    parameters: writing,
    run: (context, bound) => {
      const { switches, stores } = context.tenant;
      const [config] = stores[KIND].stored();
      if (!config || !switches.isDehydrated) {
        throw badArgument('This operation is not available: the organization is already enabled for customization.');
      }
      if (isWhatIf(bound)) return [];
      switches.isDehydrated = false;
      save(context, KIND, { ...config, IsDehydrated: false }, switches.customizationSeconds);
      return [];
    },
  },
];
