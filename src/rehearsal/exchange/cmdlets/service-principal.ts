import type { Cmdlet } from '../cmdlet.ts';
import { commonProperties } from '../common-properties.ts';
import { alreadyExists, invalid } from '../exchange-error.ts';
import { textOf } from '../exchange-object.ts';
import { isWhatIf, merged, saveBare } from '../objects.ts';
import { boundText, required, text, writing } from '../parameter.ts';

const KIND = 'servicePrincipals';
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu;

/**
 * Makes an application known to Exchange, for a role group in place of a directory role. It gives no right by itself.
 * The syntax in Microsoft's reference has ServiceId as mandatory, the examples below it and in the module's guide go
 * without; here it is taken and not asked for.
 */
export const servicePrincipalCmdlets: readonly Cmdlet[] = [
  {
    name: 'New-ServicePrincipal',
    parameters: {
      ...writing,
      AppId: required(text),
      ObjectId: required(text),
      ServiceId: text,
      DisplayName: text,
      Organization: text,
    },
    run: (context, bound) => {
      const [appId, objectId] = [boundText(bound, 'AppId'), boundText(bound, 'ObjectId')];
      for (const id of [appId, objectId]) if (!GUID.test(id)) throw invalid(`"${id}" isn't a valid GUID.`);
      const known = context.tenant.stores[KIND].stored().some((one) => textOf(one, 'AppId') === appId.toLowerCase());
      if (known) throw alreadyExists('service principal', appId);
      const common = commonProperties(KIND, context.tenant, objectId, context.now);
      const principal = merged({ DisplayName: '', ...common }, bound);
      const made = { ...principal, AppId: appId.toLowerCase(), ObjectId: objectId.toLowerCase() };
      return [isWhatIf(bound) ? made : saveBare(context, KIND, made)];
    },
  },
];
