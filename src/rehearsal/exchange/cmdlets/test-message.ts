import { cloudOf, submitMail } from '../../mail-flow/mail-flow.ts';
import { type MailMessage, noTraits } from '../../mail-flow/mail-message.ts';
import { setupOf } from '../../mail-flow/setup-of.ts';
import { runRules } from '../../mail-flow/transport-rules.ts';
import type { Bound } from '../bind-parameters.ts';
import type { Cmdlet, CmdletContext } from '../cmdlet.ts';
import { missingParameter, notFound } from '../exchange-error.ts';
import { isWhatIf } from '../objects.ts';
import { boundText, flag, list, required, text, writing } from '../parameter.ts';

/** Runs the rules on a message that is not sent. The report goes out as a mail; the cmdlet itself answers nothing. */
export const testMessageCmdlets: readonly Cmdlet[] = [
  {
    name: 'Test-Message',
    parameters: {
      ...writing,
      Recipients: required(list),
      SendReportTo: required(text),
      TransportRules: flag,
      UnifiedDlpRules: flag,
      Sender: text,
      MessageFileData: text,
      Force: flag,
    },
    run: (context, bound) => {
      if (bound.get('TransportRules') !== true && bound.get('UnifiedDlpRules') !== true) {
        throw missingParameter('Test-Message', ['TransportRules']);
      }
      const reader = boundText(bound, 'SendReportTo').toLowerCase();
      if (!context.tenant.mailboxes.has(reader)) throw notFound(reader);
      const hits = bound.get('TransportRules') === true ? rulesHit(context, bound) : [];
      if (!isWhatIf(bound)) submitMail(context.world, context.tenant, report(context, reader, hits));
      return [];
    },
  },
];

function rulesHit({ world, tenant, now }: CmdletContext, bound: Bound): readonly string[] {
  const setup = setupOf(tenant, now);
  const { switches } = cloudOf(world, now);
  const from = boundText(bound, 'Sender') || `postmaster@${tenant.initialDomain}`;
  const recipients = [bound.get('Recipients')].flat().map(String);
  const isInternal = tenant.mailboxes.has(from.toLowerCase());
  const arrival = isInternal
    ? ({ by: 'submission' } as const)
    : ({ by: 'smtp', source: world.smtp.publicAddress('127.0.0.1'), tls: true, certificate: [] } as const);
  return recipients.flatMap((to) => {
    const message = mail({ from, to, recipients, subject: 'Test message' });
    const { hits } = runRules({ setup, switches, arrival, message, scl: isInternal ? -1 : 1, isInternal });
    return hits.map(({ name, did }) => `${to}: ${name} (${did.join(', ')})`);
  });
}

function report({ tenant }: CmdletContext, reader: string, hits: readonly string[]): MailMessage {
  const from = `postmaster@${tenant.initialDomain}`;
  const headers = hits.map((value) => ({ name: 'X-Rules-Hit', value }));
  return { ...mail({ from, to: reader, recipients: [reader], subject: 'Test-Message report' }), headers };
}

function mail(facts: Pick<MailMessage, 'from' | 'to' | 'recipients' | 'subject'>): MailMessage {
  return {
    ...facts,
    id: `<${crypto.randomUUID()}@test-message>`,
    headerFrom: facts.from,
    size: 2048,
    type: null,
    content: 'clean',
    traits: noTraits,
    headers: [],
    hops: [],
    dkim: null,
    arc: null,
  };
}
