import { post } from './api.js';
import { el } from './dom.js';
import { attempt } from './toast.js';

const STEPS = [
  { label: '+1 min', seconds: 60 },
  { label: '+15 min', seconds: 900 },
  { label: '+1 h', seconds: 3600 },
  { label: '+1 day', seconds: 86_400 },
];

const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** What the rehearsal last said of its clock, and when. */
let base = null;

export function setClock({ nowMs, speed }) {
  base = { nowMs, speed, at: performance.now() };
}

/** The virtual clock, ticking, with buttons that move it forward. */
export function clockSection(onJump) {
  const time = el('time', { class: 'clock-time' });
  const speed = el('span', { class: 'clock-speed' });
  const tick = () => {
    if (!base) return;
    const now = new Date(base.nowMs + (performance.now() - base.at) * base.speed);
    time.textContent = format.format(now);
    time.dateTime = now.toISOString();
    speed.textContent = `${base.speed}× real time`;
  };
  tick();
  setInterval(tick, 250);
  const buttons = STEPS.map(({ label, seconds }) =>
    el('button', { type: 'button', class: 'small', onclick: () => jump(seconds, onJump) }, label),
  );
  return el(
    'section',
    { class: 'clock', 'aria-label': 'Virtual clock' },
    el('p', {}, time, speed),
    el('div', { class: 'clock-steps', role: 'group', 'aria-label': 'Move the clock forward' }, buttons),
  );
}

async function jump(seconds, onJump) {
  await attempt(() => post('clock', { advance: seconds }));
  onJump();
}
