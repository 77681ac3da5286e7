import type { Card } from '../core/card.ts';
import { clean, counted, showName } from './text.ts';
import { showDuration } from './time.ts';
import { defineView } from './view.ts';

const rungs = ['consent', 'permission', 'role', 'read'] as const;
type Rung = (typeof rungs)[number];

/** How far a tenant lets us in, as the access ladder saw it. */
export interface LadderInput {
  readonly rungs: Readonly<Record<Rung, 'yes' | 'no' | 'unknown'>>;
  readonly what: string;
  readonly next: string;
  readonly domains: readonly string[];
  readonly beside: string;
}

/** One tenant, how far it lets us in, and the link with which its administrator lets us in further. */
export interface ConnectInput {
  readonly tenant: { readonly id: string; readonly name: string };
  /** Null while it is being looked at. */
  readonly ladder: LadderInput | null;
  /** Null where only the ladder is shown. */
  readonly consent: {
    readonly id: string;
    readonly requester: string;
    /** Null when it was used or has expired. */
    readonly link: { readonly url: string; readonly validForSeconds: number } | null;
    /** What came of it, as sentences; empty while nobody came back. */
    readonly outcome: string;
  } | null;
}

const titles: Record<Rung, string> = {
  consent: 'Consent',
  permission: 'Application permission Exchange.ManageAsApp',
  role: 'Role Exchange Administrator',
  read: 'Accepted domains can be read',
};

/** What a missing rung shows itself by, for those who compare with Microsoft's own answers. */
const withoutIt: Record<Rung, string> = {
  consent: 'without it there is no token',
  permission: 'without it Exchange answers 401',
  role: 'without it Exchange answers 403',
  read: 'then Exchange answers 200',
};

const signs = {
  yes: { sign: '✓', color: 'Good', word: 'there' },
  no: { sign: '✗', color: 'Attention', word: 'missing' },
  unknown: { sign: '–', color: 'Default', word: 'not known yet' },
} as const;

export const connectView = defineView<ConnectInput>({
  template: 'connect',
  model: ({ tenant, ladder, consent }) => {
    const link = isReady(ladder) ? null : (consent?.link ?? null);
    return {
      ...headOf(ladder),
      tenant: showName(tenant.name, 60),
      tenantId: clean(tenant.id, 40),
      rungs: rungs.map((rung) => rowOf(rung, ladder)),
      hasWhat: ladder !== null,
      what: clean(ladder?.what ?? '', 600),
      hasNext: (ladder?.next ?? '') !== '',
      next: clean(ladder?.next ?? '', 500),
      hasDomains: (ladder?.domains.length ?? 0) > 0,
      domains: domainsOf(ladder),
      hasBeside: (ladder?.beside ?? '') !== '',
      beside: clean(ladder?.beside ?? '', 600),
      hasOutcome: (consent?.outcome ?? '') !== '',
      outcome: clean(consent?.outcome ?? '', 600),
      hasLink: link !== null,
      url: link?.url ?? '',
      linkNote: linkNote(tenant.name, consent?.requester ?? '', link?.validForSeconds ?? 0),
      hasCheck: consent !== null,
      link: clean(consent?.id ?? '', 60),
    };
  },
  summary: ({ tenant, ladder }) => `${showName(tenant.name, 60)}: ${headOf(ladder).headline}`,
  sample: {
    tenant: { id: 'c0000000-0000-4000-8000-000000000005', name: 'tailspin' },
    ladder: {
      rungs: { consent: 'yes', permission: 'yes', role: 'no', read: 'unknown' },
      what: 'Switchyard may sign in to this tenant but not run this cmdlet (403).',
      next: 'An administrator of that tenant must give the app the Exchange Administrator role. Microsoft takes minutes to hours until it acts: if it was given already, wait and look again.',
      domains: ['tailspin.example', 'tailspin.onmicrosoft.com'],
      beside:
        'The permission Domain.Read.All of Microsoft Graph is not granted, so the host that Microsoft receives mail on is unknown.',
    },
    consent: {
      id: 'x'.repeat(43),
      requester: 'Rita',
      link: { url: 'https://bot.example/consent/start?state=x', validForSeconds: 600 },
      outcome: 'The administrator declined to consent. If that was a mistake: ask for a new link in Teams and open it.',
    },
  },
  minimal: { tenant: { id: 'x', name: 'x' }, ladder: null, consent: null },
});

/** How far a tenant lets us in, and what to do about it. */
export function connectCard(input: ConnectInput): Card {
  return connectView.card(input);
}

/** Whether nothing is missing any more. */
export function isReady(ladder: LadderInput | null): boolean {
  return ladder?.rungs.read === 'yes';
}

function headOf(ladder: LadderInput | null): { mark: string; style: string; headline: string } {
  if (ladder === null) return { mark: '◷ Looking how far we get', style: 'emphasis', headline: 'being looked at' };
  if (isReady(ladder)) return { mark: '✓ Connected', style: 'good', headline: 'connected' };
  const missing = rungs.find((rung) => ladder.rungs[rung] === 'no');
  if (missing === undefined) return { mark: '? Not known', style: 'warning', headline: 'access is not known' };
  return {
    mark: missing === 'consent' ? '○ Not connected' : '◐ Not connected all the way',
    style: 'warning',
    headline: `not connected, missing: ${titles[missing].toLowerCase()}`,
  };
}

function rowOf(rung: Rung, ladder: LadderInput | null) {
  const { sign, color, word } = signs[ladder?.rungs[rung] ?? 'unknown'];
  return { sign, color, title: titles[rung], state: sign === '✓' ? word : `${word}  ·  ${withoutIt[rung]}` };
}

function domainsOf(ladder: LadderInput | null): string {
  const domains = ladder?.domains ?? [];
  const shown = domains.slice(0, 10).map((domain) => showName(domain));
  const more = domains.length > shown.length ? ` and ${domains.length - shown.length} more` : '';
  return `${counted(domains.length, 'accepted domain')}: ${shown.join(', ')}${more}`;
}

function linkNote(tenant: string, requester: string, seconds: number): string {
  const whose = requester === '' ? '' : ` It was made for ${clean(requester, 60)}.`;
  return `A Global Administrator of ${showName(tenant, 60)} opens the link, signs in there and accepts. It works once, within ${showDuration(Math.ceil(seconds / 60) * 60)}, in the browser that opened it.${whose}`;
}
