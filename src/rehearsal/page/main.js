import { loadHostConfigs } from './card.js';
import { byId } from './dom.js';
import { openConversation, redrawCards, startScrolling, updateMessage } from './messages.js';
import { panelChanged, startPanel } from './panel.js';
import { setClock } from './panel-clock.js';
import { drawPeople } from './people.js';
import { drawSidebar } from './sidebar.js';
import { loadPlaces, readAddress, state, visible, writeAddress } from './state.js';
import { onThemeChange, startTheme } from './theme.js';
import { attempt, toast } from './toast.js';

const TYPING_MS = 5000;

async function start() {
  startTheme();
  startDrawers();
  startScrolling();
  await Promise.all([loadHostConfigs(), loadPlaces()]);
  const messageId = readAddress();
  drawPlaces();
  await openConversation(messageId);
  onThemeChange(redrawCards);
  listen();
  void startPanel();
}

function drawPlaces() {
  drawPeople(actAs);
  drawSidebar(goTo);
}

function actAs(person) {
  const wasPersonal = state.conversation.startsWith('personal:');
  state.as = person;
  if (wasPersonal) state.conversation = `personal:${person}`;
  if (!visible().some(({ id }) => id === state.conversation)) state.conversation = visible()[0].id;
  opened();
  document.querySelector(`[data-person="${CSS.escape(person)}"]`)?.focus();
}

function goTo(conversation) {
  state.conversation = conversation;
  opened();
  closeDrawers();
}

function opened() {
  state.unread.delete(state.conversation);
  writeAddress();
  drawPlaces();
  void openConversation();
}

/** Follows the simulated Teams; after a broken connection everything is read again. */
function listen() {
  const events = new EventSource('/control/events');
  let broken = false;
  events.addEventListener('error', () => {
    broken = true;
  });
  events.addEventListener('open', () => {
    if (broken) void attempt(reload);
    broken = false;
  });
  events.addEventListener('message', ({ data }) => void take(JSON.parse(data)));
}

async function take(event) {
  if (event.type === 'clock') setClock(event);
  else if (event.type === 'typing') showTyping(event);
  else if (event.type !== 'message') await attempt(reload);
  else if (event.change === 'added' && event.alert) await showAlert(event);
  else if (event.conversation === state.conversation) {
    if (event.change === 'added') byId('typing').textContent = '';
    await updateMessage(event);
  } else if (event.change === 'added') {
    state.unread.add(event.conversation);
    drawPlaces();
  }
  panelChanged();
}

/** As Teams does: whoever can see the conversation is alerted, wherever they are. */
async function showAlert(event) {
  if (visible().some(({ id }) => id === event.conversation)) toast(`🔔 ${event.summary}`);
  await take({ ...event, alert: false });
}

async function reload() {
  await loadPlaces();
  readAddress();
  drawPlaces();
  await openConversation();
}

function showTyping({ conversation }) {
  if (conversation !== state.conversation) return;
  byId('typing').textContent = 'Switchyard is typing…';
  setTimeout(() => {
    byId('typing').textContent = '';
  }, TYPING_MS);
}

function startDrawers() {
  for (const name of ['sidebar', 'panel']) {
    byId(`open-${name}`).addEventListener('click', () => {
      const open = !byId(name).classList.contains('open');
      closeDrawers();
      setDrawer(name, open);
    });
  }
  byId('scrim').addEventListener('click', closeDrawers);
  document.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') closeDrawers();
  });
}

function setDrawer(name, open) {
  byId(name).classList.toggle('open', open);
  byId(`open-${name}`).setAttribute('aria-expanded', String(open));
  byId('scrim').hidden = !open;
}

function closeDrawers() {
  for (const name of ['sidebar', 'panel']) setDrawer(name, false);
}

void attempt(start);
