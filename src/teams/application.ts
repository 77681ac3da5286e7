// The package's index loads its tokenizers and models as well, which takes a tenth of a start.
import { Application } from '@microsoft/teams-ai/lib/Application.js';
import type { TurnState } from '@microsoft/teams-ai/lib/TurnState.js';
import { ActivityTypes, type TurnContext } from 'botbuilder';
import { parseActivity, type TeamsActivity } from './activity.ts';
import type { Edge } from './edge.ts';
import { onAction } from './on-action.ts';
import { onEdit } from './on-edit.ts';
import { onConversationUpdate, onInstalled, onRemoved } from './on-install.ts';
import { onMessage } from './on-message.ts';
import { Recent } from './recent.ts';

const DAY_MS = 24 * 3_600_000;
const WELCOME_AGAIN_MS = 10 * 60_000;

/**
 * Routes activities. State and typing timer of the library stay unused: its state loses updates and its one timer
 * serves one conversation. Everything not routed here, such as reactions and deletions, does nothing.
 */
export function createApplication(edge: Edge): Application<TurnState> {
  const application = new Application<TurnState>({ removeRecipientMention: false, startTypingTimer: false });
  const refused = onceIn(DAY_MS);
  const answeredEdits = onceIn(DAY_MS);
  const greeted = onceIn(WELCOME_AGAIN_MS);

  application.addRoute(isClick, (context) => answerClick(edge, context), true);
  application.activity(ActivityTypes.Message, async (context) => onMessage(edge, activityOf(context), refused.seen));
  application.messageEventUpdate('editMessage', async (context) => {
    const activity = activityOf(context);
    if (!answeredEdits.seen(`${activity.conversation.id} ${activity.id}`)) await onEdit(edge, activity);
  });
  application.activity(ActivityTypes.InstallationUpdate, async (context) => {
    const activity = activityOf(context);
    if (activity.action === 'add') await onInstalled(edge, activity, greeted.seen);
    if (activity.action !== 'remove') return;
    greeted.forget(activity.conversation.id);
    await onRemoved(edge, activity);
  });
  application.activity(ActivityTypes.ConversationUpdate, async (context) =>
    onConversationUpdate(edge, activityOf(context)),
  );
  return application;
}

async function isClick({ activity }: TurnContext): Promise<boolean> {
  return activity.type === ActivityTypes.Invoke && activity.name === 'adaptiveCard/action';
}

/** The answer is put together here: the library would edit the shared card once any answer carries a refresh. */
async function answerClick(edge: Edge, context: TurnContext): Promise<void> {
  const body = await onAction(edge, activityOf(context));
  await context.sendActivity({ type: ActivityTypes.InvokeResponse, value: { status: 200, body } });
}

/** The host let the activity through after parsing it, so that parsing it again finds the same. */
function activityOf(context: TurnContext): TeamsActivity {
  const activity = parseActivity({ ...context.activity });
  if (!activity) throw new Error('An activity changed its shape on the way through the SDK.');
  return activity;
}

/** Remembers for a while what was said already; `seen` tells and marks. */
function onceIn(keepMs: number) {
  const known = new Recent<true>({ limit: 5000, keepMs });
  const seen = (key: string): boolean => {
    const before = known.has(key);
    known.set(key, true);
    return before;
  };
  return { seen, forget: (key: string) => known.delete(key) };
}
