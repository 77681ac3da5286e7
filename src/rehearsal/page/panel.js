import { get } from './api.js';
import { byId, el } from './dom.js';
import { clockSection } from './panel-clock.js';
import { domainSection } from './panel-domains.js';
import { objectSections } from './panel-objects.js';

const REFRESH_MS = 3000;
const SETTLE_MS = 400;

const shown = { tenants: [], tenant: 'contoso', text: '', soon: false };

/** The side panel: virtual clock, and what the chosen tenant and its domains hold now. */
export async function startPanel() {
  const tabs = el('div', { class: 'tenant-tabs', role: 'tablist', 'aria-label': 'Tenant' });
  const content = el('div', {
    id: 'tenant',
    class: 'tenant',
    role: 'tabpanel',
    tabindex: '0',
    'aria-labelledby': 'tenant-tab',
  });
  byId('panel').append(el('h2', {}, 'What the tenant holds now'), clockSection(panelChanged), tabs, content);
  tabs.addEventListener('keydown', moveTab);
  await refresh();
  setInterval(() => {
    if (!document.hidden) void refresh();
  }, REFRESH_MS);
}

/** Something happened that may have changed the tenant. */
export function panelChanged() {
  if (shown.soon) return;
  shown.soon = true;
  setTimeout(() => {
    shown.soon = false;
    void refresh();
  }, SETTLE_MS);
}

function drawTabs() {
  const tabs = shown.tenants.map((name) => {
    const chosen = name === shown.tenant;
    return el(
      'button',
      {
        type: 'button',
        role: 'tab',
        id: chosen ? 'tenant-tab' : null,
        'aria-selected': String(chosen),
        'aria-controls': 'tenant',
        tabindex: chosen ? '0' : '-1',
        onclick: () => choose(name),
      },
      name,
    );
  });
  byId('panel')
    .querySelector('.tenant-tabs')
    .replaceChildren(...tabs);
}

function choose(name) {
  shown.tenant = name;
  shown.text = '';
  drawTabs();
  byId('tenant-tab').focus();
  void refresh();
}

function moveTab({ key }) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
  if (!step) return;
  const { tenants, tenant } = shown;
  choose(tenants.at((tenants.indexOf(tenant) + step) % tenants.length));
}

async function refresh() {
  const name = shown.tenant;
  const place = byId('tenant');
  try {
    await refreshTabs();
    const { now: _, ...tenant } = await get(`tenants/${encodeURIComponent(name)}`);
    const own = tenant.domains.filter((domain) => domain !== tenant.initialDomain);
    const domains = await Promise.all(own.map((domain) => get(`dns?name=${encodeURIComponent(domain)}`)));
    if (name === shown.tenant) draw(place, tenant, domains);
  } catch (error) {
    shown.text = '';
    place.replaceChildren(el('p', { class: 'hint' }, error.message));
  }
}

async function refreshTabs() {
  const tenants = (await get('tenants')).map(({ name }) => name);
  if (tenants.join() === shown.tenants.join()) return;
  shown.tenants = tenants;
  drawTabs();
}

/** Draws only what changed, and never under somebody's hands. */
function draw(place, tenant, domains) {
  const text = JSON.stringify([tenant, domains]);
  const inUse = place.contains(document.activeElement) && document.activeElement.matches('select, input');
  if (inUse || text === shown.text) return;
  shown.text = text;
  const open = new Set([...place.querySelectorAll('details[open]')].map(({ dataset }) => dataset.key));
  const focused = document.activeElement?.closest?.('details')?.dataset.key;
  const [inbound, ...others] = objectSections(tenant);
  place.replaceChildren(consent(tenant), inbound, domainSection(domains, panelChanged), ...others);
  for (const details of place.querySelectorAll('details')) {
    details.open = open.has(details.dataset.key);
    if (focused && details.dataset.key === focused) details.querySelector('summary').focus();
  }
}

function consent({ consent: state, hasExchangeRole, hasDirectoryRole, initialDomain, rightsActAt }) {
  const missing = [
    state !== 'granted' && `consent ${state}`,
    hasExchangeRole === false && 'no Exchange.ManageAsApp',
    hasDirectoryRole === false && 'no Exchange Administrator role',
  ].filter(Boolean);
  const badge = (text, kind) => el('span', { class: `badge badge-${kind}` }, text);
  const badges = missing.length === 0 ? badge('access granted', 'on') : missing.map((text) => badge(text, 'bad'));
  const wait = rightsActAt
    ? [
        el(
          'span',
          { class: 'badge badge-wait', title: `Exchange follows at ${rightsActAt} (virtual time)` },
          'not acting yet',
        ),
      ]
    : [];
  return el('p', { class: 'consent' }, el('span', {}, initialDomain), badges, wait);
}
