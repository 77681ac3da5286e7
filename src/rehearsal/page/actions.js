import { post } from './api.js';
import { openDialog } from './dialog.js';
import { state } from './state.js';
import { attempt, toast } from './toast.js';

/** Carries one click on a card to the bot and shows what it answered; returns the text of a refusal, or null. */
export function clickCard(messageId, action) {
  return attempt(async () => {
    const { data = {} } = action;
    const click = { as: state.as, messageId, data };
    if (action.getJsonTypeName() === 'Action.Execute') {
      return show(await post('actions', { ...click, verb: action.verb }));
    }
    if (data?.msteams?.type !== 'task/fetch') return show(await post('actions', { ...click, kind: 'submit' }));
    takeTask(messageId, await post('actions', { ...click, kind: 'task/fetch' }));
    return null;
  });
}

function show({ outcome, text, error }) {
  if (outcome === 'message') toast(text, 'info');
  if (outcome !== 'error' && outcome !== 'unreachable') return null;
  const refusal = [text, error].filter(Boolean).join(' ');
  toast(refusal, 'bad');
  return refusal;
}

function takeTask(messageId, answer) {
  const task = answer.body?.task;
  if (task?.type === 'message') {
    toast(String(task.value), 'info');
    return;
  }
  if (task?.type !== 'continue' || !task.value?.card) {
    show(answer);
    return;
  }
  openDialog(task.value, (action) =>
    attempt(async () => {
      const data = action.data ?? {};
      takeTask(messageId, await post('actions', { as: state.as, messageId, kind: 'task/submit', data }));
    }),
  );
}
