import { hostDemand } from '../mail-flow/host-security.ts';
import { reach, tlsDemand } from '../mail-flow/reach.ts';
import { worldNetwork } from '../mail-flow/world-network.ts';
import type { CmdletContext } from './cmdlet.ts';
import { type ExchangeObject, isOn, listOf } from './exchange-object.ts';

const NOT_TRIED = 'No mail host to validate could be found for this connector.';

/** One row per smart host and one per test recipient, judged as mail flow judges the hosts it sends to. */
export function validateOutboundConnector(
  { world, tenant }: CmdletContext,
  connector: ExchangeObject,
  recipients: readonly string[],
): ExchangeObject[] {
  const hosts = isOn(connector, 'UseMXRecord')
    ? recipients.map((recipient) => recipient.split('@').at(-1) ?? recipient)
    : listOf(connector, 'SmartHosts');
  const network = worldNetwork(world);
  const tls = tlsDemand(connector);
  const isByRuleAndMx = isOn(connector, 'UseMXRecord') && isOn(connector, 'IsTransportRuleScoped');
  const cannotBeTried = isByRuleAndMx && tenant.switches.mxValidationFails;
  // A domain's mail host is its MX.
  const failures = hosts.map((host) => {
    if (cannotBeTried) return NOT_TRIED;
    const found = reach(network, { tls, host: hostDemand(connector, host) }, [network.mx(host)?.[0] ?? host]);
    return typeof found === 'string' ? found : null;
  });
  const connectivity = hosts.map((host, index) => row(`Check connectivity to '${host}'`, failures[index] ?? null));
  const firstFailure = failures.find((failure) => failure !== null) ?? null;
  const mails = recipients.map((recipient) => row(`Send test email to '${recipient}'`, firstFailure));
  return [...connectivity, ...mails];
}

function row(task: string, failure: string | null): ExchangeObject {
  return {
    TaskName: task,
    IsTaskSuccessful: failure === null,
    TaskStatus: failure === null ? 'Succeeded' : 'Failed',
    TaskDetail: failure ?? 'The task completed.',
  };
}
