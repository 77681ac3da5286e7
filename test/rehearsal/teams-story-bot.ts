import { CardFactory, MessageFactory, type TurnContext } from 'botbuilder';
import { invokeAnswer } from './teams-bot.ts';

const ADA = '29:11111111-0000-4000-8000-000000000011';
const CARD = 'application/vnd.microsoft.card.adaptive';
const MESSAGE = 'application/vnd.microsoft.activity.message';

type Content = Record<string, unknown>;

/** A tiny bot for looking at the page: `plan` posts a card to approve, `form` one to fill, anything else is echoed. */
export async function storyTurn(context: TurnContext): Promise<void> {
  const { type, text, name } = context.activity;
  if (type === 'invoke') return name === 'adaptiveCard/action' ? click(context) : dialog(context);
  if (type !== 'message') return;
  if (text.includes('plan')) await sendCard(context, planCard());
  else if (text.includes('form')) await sendCard(context, formCard());
  else await context.sendActivity(`**You said** ${text.replace(/<at>.*<\/at> /u, '')}\n\n- one\n- two <b>not bold</b>`);
}

function sendCard(context: TurnContext, content: Content): Promise<unknown> {
  return context.sendActivity(MessageFactory.attachment(CardFactory.adaptiveCard(content)));
}

async function click(context: TurnContext): Promise<void> {
  const { action } = context.activity.value;
  const by = context.activity.from.aadObjectId === ADA.slice(3) ? 'Ada' : 'somebody';
  if (action.verb === 'refresh') {
    await invokeAnswer(context, { statusCode: 200, type: CARD, value: planCard('Ada, this waits for you') });
    return;
  }
  if (action.verb === 'approve' && by !== 'Ada') {
    const value = { code: 'Forbidden', message: 'Only an approver may decide, and nobody on an own request.' };
    await invokeAnswer(context, { statusCode: 403, type: 'application/vnd.microsoft.error', value });
    return;
  }
  await invokeAnswer(context, { statusCode: 200, type: MESSAGE, value: `${action.verb} by ${by}` });
  if (action.verb !== 'approve') return;
  const attachments = [CardFactory.adaptiveCard(doneCard(by))];
  await context.updateActivity({ id: context.activity.replyToId ?? '', type: 'message', attachments });
  await context.sendActivity('Settling: mail flow follows within a few minutes.');
}

async function dialog(context: TurnContext): Promise<void> {
  const body =
    context.activity.name === 'task/fetch'
      ? { task: { type: 'continue', value: { title: 'Settings', card: CardFactory.adaptiveCard(formCard()) } } }
      : { task: { type: 'message', value: `Saved ${context.activity.value.data.domain}` } };
  await invokeAnswer(context, body);
}

function planCard(title = 'Set up gateway exchangedefender for contoso.com'): Content {
  return {
    type: 'AdaptiveCard',
    version: '1.5',
    refresh: { action: { type: 'Action.Execute', verb: 'refresh', data: { id: 'r1' } }, userIds: [ADA] },
    body: [
      { type: 'TextBlock', text: 'REHEARSAL · Plan R-12', isSubtle: true, size: 'Small' },
      { type: 'TextBlock', text: title, style: 'heading', wrap: true },
      {
        type: 'Container',
        style: 'warning',
        items: [{ type: 'TextBlock', text: '**Warning:** direct mail is refused once the lock is on.', wrap: true }],
      },
      {
        type: 'FactSet',
        facts: [
          { title: 'Tenant', value: 'contoso' },
          { title: 'Digest', value: '`9f2c 41aa`' },
        ],
      },
      {
        type: 'Table',
        columns: [{ width: 1 }, { width: 1 }, { width: 2 }],
        firstRowAsHeader: true,
        rows: ['Field|Before|After', 'Enabled|(none)|False', 'SenderDomains|(none)|smtp:*;1'].map((row) => ({
          type: 'TableRow',
          cells: row
            .split('|')
            .map((text) => ({ type: 'TableCell', items: [{ type: 'TextBlock', text, wrap: true }] })),
        })),
      },
    ],
    actions: [
      { type: 'Action.Execute', title: 'Approve', verb: 'approve', style: 'positive', data: { id: 'r1' } },
      { type: 'Action.Execute', title: 'Deny', verb: 'deny', style: 'destructive', data: { id: 'r1' } },
      {
        type: 'Action.ShowCard',
        title: 'PowerShell',
        card: {
          type: 'AdaptiveCard',
          body: [
            { type: 'TextBlock', fontType: 'Monospace', wrap: true, text: 'New-InboundConnector -Name "Switchyard"' },
          ],
        },
      },
    ],
  };
}

function formCard(): Content {
  return {
    type: 'AdaptiveCard',
    version: '1.5',
    body: [
      { type: 'TextBlock', text: 'Set up a gateway', style: 'heading' },
      {
        type: 'Input.Text',
        id: 'domain',
        label: 'Domain',
        isRequired: true,
        errorMessage: 'Give the domain, such as contoso.com',
      },
      {
        type: 'Input.ChoiceSet',
        id: 'gateway',
        label: 'Gateway',
        value: 'exchangedefender',
        choices: [
          { title: 'ExchangeDefender', value: 'exchangedefender' },
          { title: 'Mailprotector', value: 'mailprotector' },
        ],
      },
      { type: 'Input.Toggle', id: 'tls', title: 'Require TLS', value: 'true' },
    ],
    actions: [
      { type: 'Action.Execute', title: 'Show the plan', verb: 'submit', style: 'positive', data: { id: 'f1' } },
      {
        type: 'Action.Submit',
        title: 'More settings',
        data: { msteams: { type: 'task/fetch' } },
        associatedInputs: 'none',
      },
    ],
  };
}

function doneCard(by: string): Content {
  const text = `Approved by ${by}: connector created, off`;
  return {
    type: 'AdaptiveCard',
    version: '1.5',
    body: [{ type: 'Container', style: 'good', items: [{ type: 'TextBlock', text, wrap: true }] }],
  };
}
