import type { Cmdlet } from '../cmdlet.ts';
import { text } from '../parameter.ts';
import { remoteDomainSettings } from '../parameters/remote-domain-parameters.ts';
import { checkName } from '../rules/name-rules.ts';
import { policyCmdlets } from './policy-cmdlets.ts';

export const remoteDomainCmdlets: readonly Cmdlet[] = policyCmdlets({
  noun: 'RemoteDomain',
  kind: 'remoteDomains',
  settings: remoteDomainSettings,
  reading: { ResultSize: text },
  check: (context, domain) => checkName(context, 'remoteDomains', domain, { what: 'remote domain', length: 64 }),
});
