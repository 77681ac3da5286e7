import { byId } from './dom.js';

const KEY = 'switchyard-rehearsal-theme';
const dark = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set();

export function theme() {
  const chosen = byId('theme').value;
  if (chosen !== 'system') return chosen;
  return dark.matches ? 'dark' : 'light';
}

export function onThemeChange(listener) {
  listeners.add(listener);
}

export function startTheme() {
  const query = new URLSearchParams(location.search).get('theme');
  byId('theme').value = ['light', 'dark'].includes(query) ? query : remembered();
  byId('theme').addEventListener('change', () => {
    remember(byId('theme').value);
    apply();
  });
  dark.addEventListener('change', apply);
  apply();
}

function apply() {
  document.documentElement.dataset.theme = theme();
  for (const listener of listeners) listener();
}

function remembered() {
  try {
    return localStorage.getItem(KEY) ?? 'system';
  } catch {
    return 'system';
  }
}

function remember(value) {
  try {
    localStorage.setItem(KEY, value);
  } catch {
    // A browser without storage forgets the choice; the page works all the same.
  }
}
