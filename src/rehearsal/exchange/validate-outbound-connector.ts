import { hostFault, tlsDemand } from '../mail-flow/reach.ts';
import { worldNetwork } from '../mail-flow/world-network.ts';
import type { CmdletContext } from './cmdlet.ts';
import { type ExchangeObject, isOn, listOf } from './exchange-object.ts';

/** One row per smart host and one per test recipient, judged as mail flow judges the hosts it sends to. */
export function validateOutboundConnector(
  { world }: CmdletContext,
  connector: ExchangeObject,
  recipients: readonly string[],
): ExchangeObject[] {
  const hosts = isOn(connector, 'UseMXRecord')
    ? recipients.map((recipient) => recipient.split('@').at(-1) ?? recipient)
    : listOf(connector, 'SmartHosts');
  const network = worldNetwork(world);
  const demand = tlsDemand(connector);
  // A domain's mail host is its MX.
  const failures = hosts.map((host) => hostFault(demand, network.site(network.mx(host)?.[0] ?? host)));
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
