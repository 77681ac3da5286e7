import { type Actor, samePerson } from '../../src/core/person.ts';
import type { ProvisioningRequest } from '../../src/core/request.ts';
import type { GateContext, RequestEvent, Transition } from '../../src/core/request-event.ts';

interface Seen {
  readonly before: ProvisioningRequest;
  readonly event: RequestEvent;
  readonly context: GateContext;
  readonly result: Transition;
  /** Ids of the runs that were started. */
  readonly runs: ReadonlySet<string>;
  /** Keys of the letters that were sent. */
  readonly letters: ReadonlySet<string>;
}

function insist(holds: boolean, rule: string): void {
  if (!holds) throw new Error(`broken rule: ${rule}`);
}

const wishes: readonly RequestEvent['type'][] = ['pause', 'resume', 'retry', 'hold', 'release'];

function actorOf(event: RequestEvent): Actor | null {
  return 'actor' in event ? event.actor : null;
}

const mayOperate = ({ roles }: Actor): boolean => roles.includes('operator');
const isUnderWay = ({ state }: ProvisioningRequest): boolean => state === 'running' || state === 'undoing';
const seconds = (iso: string | undefined, from: string | Date | undefined): number =>
  (Date.parse(iso ?? '') - new Date(from ?? '').getTime()) / 1000;

/** What must hold of runs whatever happens, stated independently of how it is built. */
export const runRules: readonly ((seen: Seen) => void)[] = [
  ({ before, event, result }) => {
    const actor = actorOf(event);
    if (!actor || !wishes.includes(event.type)) return;
    const isHolding = event.type === 'hold' || event.type === 'release';
    const mayHold = actor.roles.includes('approver') || samePerson(actor, before.requester);
    const may = mayOperate(actor) || (isHolding && mayHold);
    if (result.kind === 'moved') {
      insist(may, 'only those who may step into a run');
      insist(result.audit?.actor?.objectId === actor.objectId, 'every step into a run is audited with its actor');
    } else if (!may) {
      insist(result.code === 'not-allowed' && result.audit !== null, 'whoever may not is told so, and it is audited');
    }
  },
  ({ before, event, result, runs }) => {
    if (result.kind !== 'moved' || !wishes.includes(event.type)) return;
    const { plan, decisions, nonce, steps } = result.request;
    const same = JSON.stringify([plan, decisions, nonce, steps]);
    const was = JSON.stringify([before.plan, before.decisions, before.nonce, before.steps]);
    insist(same === was, 'stepping into a run changes neither its plan, approvals nor steps');
    if (before.state !== 'undo-failed') {
      insist(isUnderWay(before) && result.request.state === before.state, 'only runs under way are stepped into');
      return;
    }
    insist(event.type === 'retry' && result.request.state === 'undoing', 'only a retry leaves a failed undo');
    const started = result.effects.flatMap((effect) => (effect.kind === 'start' ? [effect.call] : []));
    insist(started.length === 1, 'a retry of the undo starts one run');
    insist(
      started.every(({ id }) => !runs.has(id)),
      'every retry of the undo is a run of its own',
    );
    insist(started[0]?.partition === before.tenant.id, 'the undo waits its turn in the tenant');
  },
  ({ before, event, result, letters }) => {
    if (result.kind !== 'moved' || !isUnderWay(before)) return;
    const isWish = wishes.includes(event.type) || event.type === 'stop' || event.type === 'cancel';
    const sent = result.effects.flatMap((effect) => (effect.kind === 'message' ? [effect] : []));
    insist(sent.length === (isWish ? 1 : 0), 'a run under way hears of each wish, once');
    insist(
      sent.every(({ key }) => !letters.has(key)),
      'no letter has the key of an earlier one',
    );
    const run = before.state === 'undoing' ? `:undo:${before.undoTries}` : `:run:${before.planVersion}`;
    insist(
      sent.every(({ runId }) => runId.endsWith(run)),
      'letters go to the run that is under way',
    );
  },
  ({ before, event, context, result }) => {
    if (result.kind !== 'moved' || (event.type !== 'resume' && event.type !== 'retry') || !isUnderWay(before)) return;
    insist(before.pause !== null && result.request.pause === null, 'what goes on was paused and is so no more');
    const { since } = before.pause ?? {};
    const stood = since ? seconds(context.now.toISOString(), since) : 0;
    result.request.proofs.forEach((proof, index) => {
      const earlier = before.proofs[index];
      const isOpen = ['settling', 'proving', 'overdue'].includes(proof.status);
      insist(seconds(proof.deadline, earlier?.deadline) === (isOpen ? stood : 0), 'a deadline moves by the standstill');
      insist(proof.settlesAt === earlier?.settlesAt, 'settling goes on during a standstill');
    });
    if (before.takeBack) {
      insist(seconds(result.request.takeBack?.at, before.takeBack.at) === stood, 'taking back moves by the standstill');
    }
  },
  ({ before, event, result }) => {
    if (result.kind !== 'moved' || event.type !== 'paused') return;
    const { pause } = result.request;
    insist(pause?.since != null, 'what is paused stands still');
    insist(event.error !== null || before.pause !== null, 'a run pauses by itself only for an error');
    insist(event.error === null || before.stopRequestedBy === null, 'a run that is to stop waits for nobody');
    insist((event.error?.code ?? null) === pause?.code, 'the error is kept');
    const told = result.effects.flatMap((effect) => (effect.kind === 'notice' ? [effect.audience] : []));
    insist(told.length > 0 && (event.error === null || told.includes('operators')), 'people are told');
  },
  ({ before, event, context, result }) => {
    const begins = result.kind === 'moved' && result.request.takeBack?.begun === true && !before.takeBack?.begun;
    if (begins) {
      insist(event.type === 'take-back' && before.takeBack !== null, 'taking back is announced before it begins');
      insist(before.takeBack?.hold === null, 'nothing is taken back that somebody holds');
      insist(Date.parse(before.takeBack?.at ?? '') <= context.now.getTime(), 'nothing is taken back early');
    }
    if (event.type !== 'take-back' || !isUnderWay(before) || !before.takeBack || before.takeBack.begun) return;
    const isDue = Date.parse(before.takeBack.at) <= context.now.getTime() && before.takeBack.hold === null;
    if (isDue) insist(begins, 'what is due and not held is taken back');
  },
  ({ before, event, context, result }) => {
    if (result.kind !== 'moved' || event.type !== 'overdue') return;
    insist(result.request.takeBack?.hold === null && !result.request.takeBack.begun, 'an announcement is no more');
    const told = result.effects.flatMap((effect) => (effect.kind === 'notice' ? [effect.audience] : []));
    insist(told.includes('thread') && told.includes('operators'), 'taking back is announced to people');
    insist(seconds(result.request.takeBack?.at, context.now) >= 900 || before.takeBack !== null, 'there is a grace');
  },
  ({ before, event, context, result }) => {
    if (result.kind !== 'moved' || event.type !== 'hold') return;
    insist(before.takeBack !== null && !before.takeBack.begun, 'only what is about to be taken back is held');
    insist(before.takeBack?.hold === null, 'one person holds');
    const { hold } = result.request.takeBack ?? {};
    insist(hold != null && samePerson(hold.by, event.actor), 'it is known who holds');
    insist(seconds(hold?.until, context.now) === 86_400, 'nobody holds for more than a day');
  },
  ({ event, context, result }) => {
    if (result.kind !== 'moved' || event.type !== 'release') return;
    insist(result.request.takeBack?.hold === null, 'what is released is not held');
    insist(seconds(result.request.takeBack?.at, context.now) === 900, 'releasing begins the grace anew');
  },
  ({ before, event, result }) => {
    if (result.kind !== 'moved' || (event.type !== 'stop' && event.type !== 'cancel')) return;
    insist(result.request.pause === null, 'stopping ends a standstill');
    insist(before.state === 'running', 'only a run is stopped, not an undo');
  },
  ({ before, result }) => {
    if (result.kind !== 'moved') return;
    if (!isUnderWay(result.request)) {
      insist(
        result.request.pause === null && result.request.takeBack === null,
        'what has ended neither waits nor threatens',
      );
    }
    insist(isUnderWay(before) || before.state === 'undo-failed', 'nothing leaves an end but a failed undo');
    insist(result.request.revision === before.revision + 1, 'the revision grows by one');
  },
];
