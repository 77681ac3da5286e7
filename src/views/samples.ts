import type { Change } from '../core/change.ts';
import { type Clocks, noClocks } from '../core/clocks.ts';
import type { Person } from '../core/person.ts';
import type { Plan } from '../core/plan.ts';
import type { Decision, ProofProgress, ProvisioningRequest } from '../core/request.ts';
import { newStanding, type Pause, type TakeBack } from '../core/standstill.ts';
import { undoOf } from '../core/undo.ts';
import { sampleMx, sampleProbe } from './sample-findings.ts';
import { sampleReach } from './sample-reach.ts';

// What the views are tested and photographed with: one request as it really looks, and the barest there can be.

const home = '0b0b0b0b-0000-4000-8000-000000000001';
const contoso = { id: 'c0000000-0000-4000-8000-000000000001', name: 'Contoso' };

export const sampleRequester: Person = {
  tenantId: home,
  objectId: '11111111-0000-4000-8000-000000000001',
  name: 'Rita Moreno',
};

export const sampleApprover: Person = {
  tenantId: home,
  objectId: '11111111-0000-4000-8000-000000000011',
  name: 'Ada Okafor',
};

const connector = { kind: 'InboundConnector', identity: 'Switchyard – ExchangeDefender – contoso.com' };

const lock: Change = {
  step: 'Set-InboundConnector',
  object: connector,
  action: 'update',
  title: 'Mail for contoso.com and sales.contoso.com is accepted from ExchangeDefender only',
  fields: [
    { field: 'Enabled', before: false, after: true },
    { field: 'RestrictDomainsToIPAddresses', before: false, after: true },
    {
      field: 'SenderIPAddresses',
      before: ['65.99.255.0/24', '203.0.113.9'],
      after: ['65.99.255.0/24', '206.125.40.0/24', '198.51.100.0/28'],
    },
  ],
  call: {
    cmdlet: 'Set-InboundConnector',
    parameters: {
      Identity: connector.identity,
      Enabled: true,
      SenderIPAddresses: ['65.99.255.0/24', '206.125.40.0/24', '198.51.100.0/28'],
      Confirm: false,
    },
  },
  inverse: {
    cmdlet: 'Set-InboundConnector',
    parameters: {
      Identity: connector.identity,
      Enabled: false,
      SenderIPAddresses: ['65.99.255.0/24', '203.0.113.9'],
      Confirm: false,
    },
  },
  irreversible: null,
  risky: true,
};

const scanner: Change = {
  step: 'New-InboundConnector',
  object: { kind: 'InboundConnector', identity: 'Switchyard – scanners – contoso.com' },
  action: 'create',
  title: 'The scanners in the Hamburg office keep a way in',
  fields: [
    { field: 'ConnectorType', before: null, after: 'Partner' },
    { field: 'SenderDomains', before: null, after: ['smtp:contoso.com;1'] },
    { field: 'SenderIPAddresses', before: null, after: ['198.51.100.77'] },
    { field: 'RequireTls', before: null, after: true },
  ],
  call: {
    cmdlet: 'New-InboundConnector',
    parameters: {
      Name: 'Switchyard – scanners – contoso.com',
      ConnectorType: 'Partner',
      SenderDomains: ['contoso.com'],
      SenderIPAddresses: ['198.51.100.77'],
      RequireTls: true,
    },
  },
  inverse: {
    cmdlet: 'Remove-InboundConnector',
    parameters: { Identity: 'Switchyard – scanners – contoso.com', Confirm: false },
  },
  irreversible: null,
  risky: false,
};

const asWanted: Change = {
  step: 'Set-OrganizationConfig',
  object: { kind: 'OrganizationConfig', identity: 'contoso.onmicrosoft.com' },
  action: 'no-op',
  title: 'The organisation is customised already',
  fields: [],
  call: null,
  inverse: null,
  irreversible: null,
  risky: false,
};

export const samplePlan: Plan = {
  workflow: 'lock-down',
  version: 1,
  profile: 'exchangedefender@2026-11-01',
  risk: 'high',
  policy: 'sample-policy',
  requester: { tenantId: home, objectId: sampleRequester.objectId },
  tenant: contoso,
  title: 'Lock down contoso.com to ExchangeDefender',
  facts: { domain: 'contoso.com' },
  changes: [scanner, lock, asWanted],
  guards: [{ finding: sampleMx }, { finding: sampleProbe }],
  proofs: [
    {
      title: 'Mail sent past the gateway is refused by Office 365 with 550 5.7.51',
      timing: { settleSeconds: 900, everySeconds: 60, deadlineSeconds: 7200, agreeing: 2 },
    },
  ],
  warnings: [
    {
      level: 'danger',
      word: 'cuts-off-senders',
      text: '42 messages of the last days, from 2 addresses, would have been refused. “Whom it touches” lists them.',
    },
    {
      level: 'danger',
      word: 'refuses-mail',
      text: 'From then on Office 365 refuses every message for contoso.com and sales.contoso.com that does not come from the ranges below. A sender that still uses the old address gets 550 5.7.51.',
    },
    {
      level: 'notice',
      text: 'The old MX of sales.contoso.com may stay in caches for up to 42 min; nothing is lost, senders try again.',
    },
  ],
  untouched: [
    'The connector “Inbound from Contoso HQ” of the hybrid wizard',
    'All transport rules, all outbound connectors, every mailbox',
  ],
  blastRadius: [
    'Every message to contoso.com and sales.contoso.com (412 mailboxes)',
    'Devices that deliver straight to Office 365, unless a connector of their own lets them in',
  ],
  objects: [
    { ...scanner.object, state: null },
    { ...connector, state: { Enabled: false, SenderIPAddresses: ['65.99.255.0/24', '203.0.113.9'] } },
  ],
  undo: undoOf([scanner, lock, asWanted]),
  reach: sampleReach,
  madeAt: '2026-11-21T14:04:40Z',
  digest: '3fa91c07be22d4e8a06c5b7f19e3d2c4b8a7965e4f3d2c1b0a9f8e7d6c5b4a39',
};

export const sampleProof: ProofProgress = {
  title: 'Mail sent past the gateway is refused by Office 365 with 550 5.7.51',
  settlesAt: '2026-11-21T14:20:00Z',
  deadline: '2026-11-21T16:05:00Z',
  attempts: 3,
  agreeing: 1,
  needed: 2,
  lastFact: 'contoso-com.mail.protection.outlook.com answered 550 5.7.51 to 198.51.100.25.',
  status: 'proving',
};

const sampleClocks: Clocks = {
  ...noClocks,
  terms: {
    timeZone: 'Europe/Berlin',
    windows: [{ days: ['sat'], from: '22:00', to: '04:00' }],
    freezes: [{ from: '2026-11-20T00:00:00Z', to: '2026-11-28T00:00:00Z', reason: 'Black week of the shop' }],
    withinMinutes: 240,
  },
  awaitedSince: '2026-11-21T14:05:00Z',
};

export const samplePause: Pause = {
  by: sampleApprover,
  at: '2026-11-21T14:06:00Z',
  since: '2026-11-21T14:06:20Z',
  reason: 'the vendor is on the phone',
  code: null,
  next: '',
};

export const sampleTakeBack: TakeBack = { proof: 0, at: '2026-11-21T16:20:00Z', begun: false, hold: null };

export const sampleDecision: Decision = {
  verdict: 'approve',
  by: sampleApprover,
  at: '2026-11-21T14:05:10Z',
  digest: 'aa',
  voided: false,
  rings: ['approvers'],
  signedInAt: null,
};

export const sampleRequest: ProvisioningRequest = {
  ...newStanding,
  id: 'R-7K2QXDAB',
  revision: 4,
  state: 'awaiting-approval',
  workflow: 'lock-down',
  version: 1,
  title: samplePlan.title,
  tenant: contoso,
  input: { domain: 'contoso.com' },
  requester: sampleRequester,
  editors: [],
  approvalStanding: '1 of 2 approvals; still needed: one more of approvers or seconds.',
  conversation: 'mail-ops',
  behind: { id: 'R-3MNPQRST', workflow: 'lock-down', title: 'Lock down Contoso to ExchangeDefender' },
  plan: samplePlan,
  planVersion: 2,
  nonce: 'n0nce-4',
  differences: [
    {
      about: 'object',
      subject: 'InboundConnector Switchyard – ExchangeDefender – contoso.com',
      field: 'SenderIPAddresses',
      plannedFrom: ['65.99.255.0/24'],
      wanted: ['65.99.255.0/24', '206.125.40.0/24', '198.51.100.0/28'],
      now: ['65.99.255.0/24', '203.0.113.9'],
    },
    { about: 'fact', subject: 'otherLocks', field: null, plannedFrom: [], wanted: null, now: ['Old gateway'] },
  ],
  decisions: [
    { ...sampleDecision, at: '2026-11-21T14:02:00Z', voided: true },
    {
      ...sampleDecision,
      at: '2026-11-21T14:04:50Z',
      digest: samplePlan.digest,
      signedInAt: '2026-11-21T14:03:00Z',
    },
  ],
  decideBy: '2026-11-21T18:00:00Z',
  clocks: sampleClocks,
  breakGlass: null,
  steps: [
    { title: scanner.title, status: 'done' },
    { title: lock.title, status: 'running' },
    { title: asWanted.title, status: 'already' },
    { title: 'Wait for the proof', status: 'waiting' },
  ],
  proofs: [sampleProof],
  outcome: null,
  stopRequestedBy: null,
  createdAt: '2026-11-21T13:58:00Z',
  updatedAt: '2026-11-21T14:05:00Z',
};

export const barePlan: Plan = {
  ...samplePlan,
  changes: [],
  guards: [],
  proofs: [],
  warnings: [],
  untouched: [],
  blastRadius: [],
  profile: null,
  objects: [],
  undo: [],
  reach: null,
};

export const bareRequest: ProvisioningRequest = {
  ...sampleRequest,
  title: 'x',
  tenant: { id: contoso.id, name: 'x' },
  requester: { ...sampleRequester, name: '' },
  behind: null,
  plan: null,
  planVersion: 0,
  differences: [],
  decisions: [],
  approvalStanding: '',
  decideBy: null,
  clocks: noClocks,
  steps: [],
  proofs: [],
};
