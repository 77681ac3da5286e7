import { detailOf, type Journey } from './journey.ts';
import type { MailMessage } from './mail-message.ts';
import type { Stop } from './stop.ts';

/** A journey as the control API tells it. */
export function showJourney({ stops, outcomes }: Journey): Record<string, unknown> {
  return { outcomes, stops: stops.map(showStop) };
}

function showStop(stop: Stop): Record<string, unknown> {
  if (stop.at === 'edge') return { at: stop.at, tenant: stop.tenant, reply: `${stop.reply.code} ${stop.reply.text}` };
  if (stop.at !== 'tenant') return { ...stop };
  const { tenant, arrival, connectorIn, isInternal, authentication, rules, scl, endings } = stop.pass;
  return {
    at: stop.at,
    tenant,
    source: arrival.by === 'smtp' ? arrival.source : null,
    connectorIn,
    isInternal,
    authentication,
    rules,
    scl,
    endings: endings.map((ending) => ({ kind: ending.kind, detail: detailOf(ending), ...showMessage(ending.message) })),
  };
}

/** What became of the copy on its way. */
function showMessage({ to, subject, headers, dkim, arc }: MailMessage): Record<string, unknown> {
  return { to, subject, headers, dkim, arc };
}
