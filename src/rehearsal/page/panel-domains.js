import { send } from './api.js';
import { el } from './dom.js';
import { attempt, toast } from './toast.js';

const dashed = (domain) => domain.replaceAll('.', '-');

const DESTINATIONS = [
  { name: 'Office 365', mx: (domain) => `${dashed(domain)}.mail.protection.outlook.com` },
  { name: 'ExchangeDefender', mx: () => 'inbound30.exchangedefender.com' },
  { name: 'Mailprotector', mx: (domain) => `${dashed(domain)}.inbound.emailservice.io` },
  { name: 'a generic gateway', mx: () => 'mx.gate.example' },
];

/** What is chosen in the mover: the panel is drawn anew while somebody is still choosing. */
const chosen = { domain: '', target: '1', fresh: false };

/** Where each domain's mail goes, as the zone says and as each resolver still answers. */
export function domainSection(domains, onChange) {
  const real = domains.filter(({ authority }) => authority.length > 0);
  return el(
    'section',
    {},
    el('h3', {}, 'Domains and MX'),
    domains.map(domainEntry),
    real.length > 0 && mover(real, onChange),
  );
}

function domainEntry({ name, authority, resolvers }) {
  const own = hosts(authority);
  const views = Object.entries(resolvers).map(([resolver, view]) => {
    const seen = hosts(view.records);
    const ttl = view.records.find(({ type }) => type === 'MX')?.ttl;
    const same = seen === own;
    const note = view.behaviour === 'normal' ? '' : ` (${view.behaviour})`;
    return el(
      'p',
      { class: 'resolver' },
      el('span', { class: `badge ${same ? 'badge-on' : 'badge-wait'}` }, same ? 'sees it' : 'old answer'),
      el('span', {}, `${resolver}${note}`),
      !same && el('span', { class: 'soft' }, `${seen || 'nothing'}${ttl ? `, ${ttl} s left` : ''}`),
    );
  });
  return el(
    'div',
    { class: 'domain' },
    el('p', {}, el('strong', {}, name)),
    el('p', { class: 'mx' }, own || 'no MX record'),
    own && el('div', { class: 'resolvers' }, views),
  );
}

function hosts(records) {
  return records
    .filter(({ type }) => type === 'MX')
    .map(({ data }) => data.replace(/^\d+ /u, ''))
    .sort()
    .join(', ');
}

function mover(domains, onChange) {
  const domain = el(
    'select',
    { 'aria-label': 'Domain' },
    domains.map(({ name }) => el('option', {}, name)),
  );
  const target = el(
    'select',
    { 'aria-label': 'New destination' },
    DESTINATIONS.map(({ name }, index) => el('option', { value: index }, name)),
  );
  const fresh = el('input', { type: 'checkbox' });
  if (domains.some(({ name }) => name === chosen.domain)) domain.value = chosen.domain;
  target.value = chosen.target;
  fresh.checked = chosen.fresh;
  const move = async () => {
    const { name, mx } = DESTINATIONS[Number(target.value)];
    await send('PUT', 'dns', { domain: domain.value, mx: mx(domain.value), ttl: 300, fresh: fresh.checked });
    toast(`The MX of ${domain.value} now points at ${name}.`, 'good');
    target.blur();
    onChange();
  };
  return el(
    'form',
    {
      class: 'mover',
      onchange: () => {
        Object.assign(chosen, { domain: domain.value, target: target.value, fresh: fresh.checked });
      },
      onsubmit: (event) => {
        event.preventDefault();
        document.activeElement?.blur();
        void attempt(move);
      },
    },
    el('p', {}, 'Move MX of ', domain, ' to ', target),
    el('label', {}, fresh, ' every resolver sees it at once'),
    el('button', { type: 'submit', class: 'small' }, 'Move'),
  );
}
