import type { Cmdlet, CmdletContext } from '../cmdlet.ts';
import { commonProperties } from '../common-properties.ts';
import type { ExchangeObject } from '../exchange-object.ts';
import { isWhatIf, merged, save } from '../objects.ts';
import { writing } from '../parameter.ts';
import { transportSettings } from '../parameters/transport-parameters.ts';

const KIND = 'transportConfigs';
const CREATED = Date.UTC(2020, 0, 1);

/** The organisation's one configuration until somebody writes it, with the documented defaults. */
const untouched: ExchangeObject = {
  ...Object.fromEntries(
    Object.entries(transportSettings)
      .filter(([name]) => name !== 'Force')
      .map(([name, { kind }]) => [name, kind === 'list' ? [] : kind === 'flag' ? false : null]),
  ),
  ClearCategories: true,
  DSNConversionMode: 'PreserveDSNBody',
  ExternalDelayDsnEnabled: true,
  ExternalDsnLanguageDetectionEnabled: true,
  ExternalDsnSendHtml: true,
  HeaderPromotionModeSetting: 'NoCreate',
  InternalDelayDsnEnabled: true,
  InternalDsnLanguageDetectionEnabled: true,
  InternalDsnSendHtml: true,
  JournalMessageExpirationDays: 0,
  MaxRecipientEnvelopeLimit: '500',
  MessageExpiration: '1.00:00:00',
  SmtpClientAuthenticationDisabled: true,
};

export const transportConfigCmdlets: readonly Cmdlet[] = [
  { name: 'Get-TransportConfig', parameters: {}, run: (context) => [configOf(context)] },
  {
    name: 'Set-TransportConfig',
    parameters: { ...writing, ...transportSettings },
    run: (context, bound) => {
      const { Force: _force, ...wanted } = merged(configOf(context), bound);
      if (!isWhatIf(bound)) save(context, KIND, wanted);
      return [];
    },
  },
];

function configOf({ tenant }: CmdletContext): ExchangeObject {
  const [config] = tenant.stores[KIND].stored();
  if (config) return config;
  // The same object at every read, although nobody has written it.
  const same = { Guid: tenant.id, ExchangeObjectId: tenant.id };
  return { ...untouched, ...commonProperties(KIND, tenant, 'Transport Settings', CREATED), ...same };
}
