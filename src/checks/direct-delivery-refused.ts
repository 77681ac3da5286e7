import type { Check, Finding } from '../core/check.ts';
import { addressIsIn } from '../mail/address-span.ts';
import { PROBE_SENDER } from '../mail/probe-sender.ts';
import { answerText, type SmtpVerdict, smtpVerdict } from '../mail/smtp-verdict.ts';
import type { SmtpProbeResult } from '../ports/smtp-probe.ts';
import type { World } from '../ports/world.ts';
import { mailHostOf } from './mail-host-known.ts';

export type DirectDeliveryRefusedArgs = {
  readonly domain: string;
  /** An address that exists in the domain. */
  readonly mailbox: string;
  /** What the connector lets in: from there nothing can be proven. */
  readonly ranges: readonly string[];
  /** `accepted` for an unlock: the same question, the other way round. */
  readonly expect: 'refused' | 'accepted';
  /** Envelope sender from outside the tenant. */
  readonly from?: string;
};

interface Asked {
  readonly address: string;
  readonly result: SmtpProbeResult;
  readonly verdict: SmtpVerdict;
}

type Judged = Pick<Finding, 'status' | 'fact' | 'remedy'> & {
  readonly verdicts: readonly string[];
  /** The tenant's own mail host; empty when it is not known or was not asked. */
  readonly endpoint: string;
};

const mostFrontEnds = 2;

const rules = {
  refused: 'Mail that does not come through the gateway must be refused by Office 365 (550 5.7.51).',
  accepted: 'Mail that comes from elsewhere must be accepted by Office 365 again.',
};

export const directDeliveryRefused: Check<DirectDeliveryRefusedArgs, World> = {
  name: 'direct-delivery-refused',
  title: 'Delivery past the gateway',
  run: async (world, args, signal) => {
    const { status, fact, remedy, verdicts, endpoint } =
      noPlaceToAskFrom(world, args) ?? (await askAll(world, args, signal));
    return {
      check: directDeliveryRefused.name,
      status,
      rule: rules[args.expect],
      fact,
      remedy,
      evidence: { endpoint, expect: args.expect, verdicts },
    };
  },
};

/** A probe proves something only from an address that the lock is meant to keep out. */
function noPlaceToAskFrom({ smtp }: World, { ranges }: DirectDeliveryRefusedArgs): Judged | null {
  const inside = smtp.egressAddresses.find((address) => addressIsIn(address, ranges));
  if (smtp.egressAddresses.length > 0 && inside === undefined) return null;
  const fact =
    inside === undefined
      ? 'It is not known from which public address Switchyard tests, so a test would prove nothing.'
      : `Switchyard tests from ${inside}, which the connector lets in, so a test would prove nothing.`;
  const remedy = 'An operator sets the public addresses Switchyard tests from, outside the ranges of the gateway.';
  return { status: 'unknown', fact, remedy, verdicts: [], endpoint: '' };
}

async function askAll(world: World, args: DirectDeliveryRefusedArgs, signal?: AbortSignal): Promise<Judged> {
  const known = await mailHostOf(world, args.domain, signal);
  if (known.kind === 'unknown') return { ...known, status: 'unknown', verdicts: [], endpoint: '' };
  const { host } = known;
  const views = await world.dns.addresses(host, signal);
  const addresses = [...new Set(views.flatMap((view) => view.addresses))].toSorted().slice(0, mostFrontEnds);
  if (addresses.length === 0) {
    const fact = `No resolver knows an address of ${host}, on which Microsoft receives mail for ${args.domain}.`;
    const remedy = 'An operator checks whether the resolvers of Switchyard answer for other names.';
    return { status: 'unknown', fact, remedy, verdicts: [], endpoint: host };
  }
  const { mailbox: to, from = PROBE_SENDER } = args;
  const asked = await Promise.all(
    addresses.map(async (address): Promise<Asked> => {
      const result = await world.smtp.probe({ host, address, from, to }, signal);
      return { address, result, verdict: smtpVerdict(result) };
    }),
  );
  return { ...judge(host, args.expect, asked), endpoint: host };
}

function judge(
  endpoint: string,
  expect: DirectDeliveryRefusedArgs['expect'],
  asked: readonly Asked[],
): Omit<Judged, 'endpoint'> {
  const verdicts = [...new Set(asked.map(({ verdict }) => verdict.verdict))].toSorted();
  const [wanted, opposite] =
    expect === 'refused' ? (['refused-by-lock', 'accepted'] as const) : (['accepted', 'refused-by-lock'] as const);
  const facts = asked.map(
    ({ address, result, verdict }) => `${endpoint} (${address}) answers ${answerText(result)}: ${verdict.why}`,
  );
  const fact = `${facts.join('; ')}.`;
  if (verdicts.every((verdict) => verdict === wanted)) return { status: 'pass', fact, remedy: '', verdicts };
  if (verdicts.includes(opposite)) return { status: 'fail', fact, remedy: notYet[expect], verdicts };
  const remedies = new Set(asked.map(({ verdict }) => verdict.remedy).filter((remedy) => remedy !== ''));
  return { status: 'unknown', fact, remedy: [...remedies].join(' '), verdicts };
}

const notYet = {
  refused:
    'A change of a connector takes up to 15 minutes to act; if it stays so, an administrator checks the connector.',
  accepted:
    'A change of a connector takes up to 15 minutes to act; if it stays so, another connector restricts delivery too.',
};
