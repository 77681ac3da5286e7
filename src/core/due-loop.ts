import { type Clock, plusSeconds } from './clock.ts';
import { dueNow } from './due.ts';
import type { Gate } from './gate.ts';
import type { ApprovalPolicy } from './policy/approval-policy.ts';
import type { PolicySource } from './policy/policy-source.ts';
import type { ProvisioningRequest } from './request.ts';
import type { Transition } from './request-event.ts';
import type { RequestStore } from './store.ts';

/** Product seconds between two looks. One loop serves all requests: waiting costs a row, no timer. */
const lookEverySeconds = 15;

/** How many requests are taken at a time. */
const pageSize = 100;

/** What the loop needs. */
export interface DueServices {
  readonly store: RequestStore;
  readonly gate: Gate;
  readonly clock: Clock;
  readonly policies: PolicySource;
}

/**
 * Does what time brings about, until the signal aborts: reminders, widening, starts in a window, expiry. Any number of
 * processes may do this at once: the gate lets each thing happen once. `onError` is told when a look failed.
 */
export async function watchDue(
  services: DueServices,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Promise<void> {
  const { clock } = services;
  while (!signal.aborted) {
    try {
      await lookOnce(services, signal, onError);
      await clock.until(plusSeconds(clock.now(), lookEverySeconds), signal);
    } catch (error) {
      if (signal.aborted) return;
      onError(error);
      await clock.until(plusSeconds(clock.now(), lookEverySeconds), signal).catch(() => undefined);
    }
  }
}

/** One look: everything that is due by now, and everything that was worked out by an earlier policy. */
export async function lookOnce(
  services: DueServices,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Promise<void> {
  const { store, clock, policies } = services;
  const policy = await policies.current();
  const outdated = () => store.list({ dueUnderAnother: policy.version, limit: pageSize });
  await everyPage(outdated, ({ id }) => services.gate.submit(id, { type: 'look-again' }), signal, onError);
  const due = () => store.list({ dueBefore: clock.now().toISOString(), limit: pageSize });
  await everyPage(due, (request) => happen(services, request, policy), signal, onError);
}

/** One thing after the other: after an outage several can be due. */
async function happen({ gate, clock }: DueServices, request: ProvisioningRequest, policy: ApprovalPolicy) {
  let result = await gate.submit(request.id, { type: dueNow(request, policy, clock.now()) ?? 'look-again' }, request);
  while (result.kind === 'moved') {
    const type = dueNow(result.request, policy, clock.now());
    if (type === null) break;
    const next = await gate.submit(request.id, { type }, result.request);
    if (next.kind === 'refused') break;
    result = next;
  }
  return result;
}

/** Page after page, until one is short or nothing on it could be done. */
async function everyPage(
  page: () => Promise<readonly ProvisioningRequest[]>,
  work: (request: ProvisioningRequest) => Promise<Transition>,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Promise<void> {
  while (!signal.aborted) {
    const requests = await page();
    const results = await Promise.allSettled(requests.map(work));
    for (const one of results) if (one.status === 'rejected') onError(one.reason);
    const hasMoved = results.some((one) => one.status === 'fulfilled' && one.value.kind === 'moved');
    if (requests.length < pageSize || !hasMoved) return;
  }
}
