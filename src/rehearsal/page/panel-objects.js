import { el } from './dom.js';

const KINDS = [
  { kind: 'inboundConnectors', title: 'Inbound connectors', state: connectorState },
  { kind: 'outboundConnectors', title: 'Outbound connectors', state: connectorState },
  { kind: 'transportRules', title: 'Transport rules', state: ({ State }) => (State === 'Enabled' ? 'on' : 'off') },
];

/** The properties worth a look, in this order; the rest is in the control API. */
const PROPERTIES = [
  'ConnectorType',
  'SenderDomains',
  'RecipientDomains',
  'RequireTls',
  'TlsSettings',
  'TlsDomain',
  'RestrictDomainsToIPAddresses',
  'SenderIPAddresses',
  'RestrictDomainsToCertificate',
  'TlsSenderCertificateName',
  'EFSkipLastIP',
  'EFSkipIPs',
  'EFUsers',
  'SmartHosts',
  'UseMXRecord',
  'IsTransportRuleScoped',
  'Priority',
  'Description',
  'Comment',
  'Comments',
  'WhenChanged',
];

/** Connectors and rules as the directory holds them, inbound first, and whether mail flow already acts on them. */
export function objectSections(tenant) {
  return KINDS.map(({ kind, title, state }) => {
    const held = tenant[kind] ?? [];
    return el(
      'section',
      {},
      el('h3', {}, `${title} (${held.length})`),
      held.length === 0 ? el('p', { class: 'soft' }, 'None.') : held.map((one) => objectEntry(one, state)),
    );
  });
}

function objectEntry({ stored, effective, effectiveAt, isEffective }, stateOf) {
  const object = stored ?? effective ?? {};
  const on = stateOf(object) === 'on';
  const facts = PROPERTIES.map((name) => [name, shown(object[name])]).filter(([, text]) => text !== '');
  return el(
    'details',
    { class: 'object', 'data-key': object.Guid ?? object.Name },
    el(
      'summary',
      {},
      el('span', { class: 'object-name' }, object.Name),
      el('span', { class: `badge ${on ? 'badge-on' : 'badge-off'}` }, stored ? (on ? 'on' : 'off') : 'removed'),
      ' ',
      !isEffective &&
        el(
          'span',
          { class: 'badge badge-wait', title: `Mail flow follows at ${effectiveAt} (virtual time)` },
          'settling',
        ),
      el('p', { class: 'soft' }, summaryOf(object)),
    ),
    el(
      'dl',
      {},
      facts.map(([name, text]) => [el('dt', {}, name), el('dd', {}, text)]),
    ),
  );
}

function connectorState({ Enabled }) {
  return Enabled ? 'on' : 'off';
}

function summaryOf({ ConnectorType, SenderDomains, RestrictDomainsToIPAddresses, RecipientDomains, Description }) {
  if (!ConnectorType) return (Description ?? '').split('\n')[0].slice(0, 90);
  const scope = shown(SenderDomains ?? RecipientDomains);
  return [ConnectorType, scope, RestrictDomainsToIPAddresses && 'restricted to addresses'].filter(Boolean).join(' · ');
}

function shown(value) {
  if (value === null || value === undefined || value === '') return '';
  if (Array.isArray(value)) return value.map(shown).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
