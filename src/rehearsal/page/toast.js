import { byId, el } from './dom.js';

const SHOWN_MS = 9000;

/** A short note at the edge of the page; `tone` is info, good or bad. */
export function toast(text, tone = 'info') {
  if (!text) return;
  const close = el(
    'button',
    { type: 'button', class: 'icon-button', 'aria-label': 'Close', onclick: () => note.remove() },
    '✕',
  );
  const label = { good: 'Done', bad: 'Not possible', info: 'Switchyard' }[tone];
  const note = el('div', { class: `toast toast-${tone}` }, el('p', {}, el('strong', {}, `${label}: `), text), close);
  byId('toasts').append(note);
  setTimeout(() => note.remove(), SHOWN_MS);
}

/** Runs an action of the page and shows what went wrong. */
export async function attempt(run) {
  try {
    return await run();
  } catch (error) {
    toast(error instanceof Error ? error.message : String(error), 'bad');
    return null;
  }
}
