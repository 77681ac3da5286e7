import { isWrite } from './change.ts';
import type { DurableCall, DurableEngine } from './durable.ts';
import { OpsError } from './errors.ts';
import type { Gate } from './gate.ts';
import type { ProvisioningRequest } from './request.ts';
import type { RequestEvent } from './request-event.ts';
import type { RunServices } from './run-services.ts';
import type { RequestStore } from './store.ts';
import { requestIdOf, runCall, undoCall } from './transitions/run-call.ts';

/** What a run is started with. */
export interface StartServices {
  readonly engine: DurableEngine;
  readonly gate: Gate;
  readonly store: Pick<RequestStore, 'get'>;
  readonly commandLine: RunServices<never>['commandLine'];
}

/**
 * How often a start is left to others before it counts as missing everywhere. During a rolling upgrade an old process
 * may take the start of a new version. With the outbox's pauses this is about twenty minutes.
 */
export const startsLeftToOthers = 25;

/**
 * Starts a run. One that this program has no function for is left to whoever takes it next: another process may be of a
 * version that has it. When it stays missing, its request is ended in words: nobody would ever carry it out, and the
 * request would wait for ever. A run that no request waits for is dropped. `attempts` counts the failed ones before this.
 */
export async function startRun(services: StartServices, call: DurableCall, attempts: number): Promise<void> {
  try {
    await services.engine.start(call);
  } catch (error) {
    if (!(error instanceof OpsError && error.code === 'missing-function')) throw error;
    const request = await services.store.get(requestIdOf(call.input));
    const event = request && endOf(request, call, services);
    // Plans are made by every program there is, so one that lacks the function leaves it to the others.
    if (!event && call.partition === null) throw error;
    // No request waits for this run any more, and what is to be started after it must not wait either.
    if (!event) return;
    if (attempts < startsLeftToOthers) throw error;
    await services.gate.submit(request.id, event);
  }
}

/** Null when the request does not wait for this very call. */
function endOf(request: ProvisioningRequest, call: DurableCall, services: StartServices): RequestEvent | null {
  const named = `version ${request.version} of ${request.workflow}`;
  if (request.state === 'undoing' && undoCall(request).id === call.id) {
    const message = `This version of Switchyard does not have ${named} any more, so it cannot take back what is left.`;
    const next =
      'Somebody runs the lines below in Exchange Online PowerShell. Or an operator starts the version that had it, and types retry.';
    const left = linesLeft(request, services);
    return { type: 'undo-failed', outcome: { code: 'unknown-workflow', message, next, left }, setUp: null };
  }
  if (['confirming', 'approved'].includes(request.state) && runCall(request).id === call.id) {
    const message = `This version of Switchyard does not have ${named} any more. Nothing was changed.`;
    const next = 'Ask for it again: it is planned as this version does it, and decided anew.';
    const { planVersion } = request;
    return { type: 'plan-refused', outcome: { code: 'unknown-workflow', message, next, left: [] }, planVersion };
  }
  return null;
}

function linesLeft({ plan, steps }: ProvisioningRequest, { commandLine }: StartServices): string[] {
  const changes = plan?.changes ?? [];
  return changes
    .filter((change, index) => isWrite(change) && steps[index]?.status === 'not-undone')
    .toReversed()
    .map(({ inverse, title }) => (inverse ? commandLine(inverse) : title));
}
