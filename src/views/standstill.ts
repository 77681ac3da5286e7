import type { ProvisioningRequest } from '../core/request.ts';
import type { Pause, TakeBack } from '../core/standstill.ts';
import { type Buttons, offers } from './buttons.ts';
import { clean } from './text.ts';
import { localMoment, localMoments, localTime } from './time.ts';

type Style = 'warning' | 'attention';
type Panel = { readonly heading: string; readonly style: Style; readonly texts: readonly { readonly text: string }[] };

/** Why a run stands still, and that its changes are about to be taken back: panels and the buttons that go with them. */
export function standstillModel(request: ProvisioningRequest, now: Date, buttons: Buttons) {
  const { state, pause, takeBack, stopRequestedBy } = request;
  const isUnderWay = state === 'running' || state === 'undoing';
  const isStopping = stopRequestedBy !== null;
  const canHold = isUnderWay && !isStopping && takeBack !== null && !takeBack.begun;
  return {
    standstills: [
      ...(takeBack && !isStopping ? [takeBackPanel(takeBack, now)] : []),
      ...(pause ? [pausePanel(pause, request)] : []),
    ],
    canPause: offers(buttons, 'pause') && isUnderWay && pause === null,
    canResume: offers(buttons, 'resume') && isUnderWay && pause !== null && pause.code === null,
    canRetry: offers(buttons, 'retry') && isUnderWay && pause !== null && pause.code !== null,
    canHold: offers(buttons, 'hold') && canHold && takeBack.hold === null,
    canRelease: offers(buttons, 'release') && canHold && takeBack.hold !== null,
  };
}

/** Where a run stands that stands still; empty when it does not. */
export function pauseHeadline({ pause }: Pick<ProvisioningRequest, 'pause'>): string {
  if (pause === null) return '';
  if (pause.code !== null) return '‖ Paused by itself – a person is needed';
  return pause.since === null ? '‖ Pausing – the step under way is finished first' : '‖ Paused';
}

function pausePanel(pause: Pause, request: ProvisioningRequest): Panel {
  const { by, at, since, code, reason, next } = pause;
  const tenant = clean(request.tenant.name, 80);
  if (code !== null) {
    return panel('attention', `‖ Stands still since ${localMoment(since ?? at)}`, [
      clean(reason, 600),
      'Taking back what is done would fail for the same reason, so nothing is written or taken back until somebody decides.',
      next && `What to do: ${localMoments(clean(next, 400))}`,
      `Then an operator presses Try again${request.state === 'running' ? ', or Stop and roll back' : ''}. ${waiting(tenant)}`,
    ]);
  }
  const who = clean(by?.name ?? 'Switchyard', 80);
  return panel(
    'warning',
    since === null ? `‖ ${who} asked to pause` : `‖ Paused by ${who} since ${localMoment(since)}`,
    [
      reason && `“${clean(reason, 300)}”`,
      since === null
        ? `Asked at ${localMoment(at)}. A write that is under way is finished and read back, then nothing more is written.`
        : `Nothing is written in ${tenant}. Before the run goes on it reads the tenant again.`,
      isProving(request) &&
        'Nobody looks at the proof meanwhile, and its deadline moves by as long as the run stands still.',
      waiting(tenant),
    ],
  );
}

function isProving({ proofs }: ProvisioningRequest): boolean {
  return proofs.some(({ status }) => status === 'settling' || status === 'proving' || status === 'overdue');
}

function waiting(tenant: string): string {
  return `Other requests for ${tenant} wait until this one goes on or is stopped.`;
}

function takeBackPanel({ at, begun, hold }: TakeBack, now: Date): Panel {
  if (begun) return panel('warning', '↩ Being taken back', ['The proof did not come, and nobody held the changes.']);
  if (hold) {
    return panel('warning', `◆ Held by ${clean(hold.by.name, 80)}`, [
      hold.reason && `“${clean(hold.reason, 300)}”`,
      `The changes stay although they are not proven. The proof is looked for until ${localTime(hold.until, now)}; after that the run ends and the health is unknown. If it shows that the change is wrong, the changes are taken back all the same.`,
      'After Release they are taken back 15 minutes later unless the proof comes; Stop and roll back takes them back at once.',
    ]);
  }
  return panel('attention', `⚠ Will be taken back at ${localTime(at, now)} unless somebody holds it`, [
    'The proof did not come in time, so nobody knows whether the change acts as meant. It is still being looked for.',
    'The requester, an approver or an operator can press Hold to keep the changes.',
  ]);
}

/** Times in the texts are written for the client to fill in, so whatever came from elsewhere is cleaned before. */
function panel(style: Style, heading: string, texts: readonly (string | false)[]): Panel {
  const shown = texts.filter((text): text is string => Boolean(text));
  return { heading, style, texts: shown.map((text) => ({ text })) };
}
