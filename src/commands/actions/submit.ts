import { z } from 'zod/v4';
import { cardOfClick } from '../card-of-click.ts';
import type { Action } from '../command.ts';
import { decidedNowhere } from '../decided-elsewhere.ts';
import { openRequestFor } from '../open-request.ts';

const FormData = z.object({ workflow: z.string().max(60) }).catchall(z.string().max(4000));

/** A filled form: the same request as a typed sentence. The form's message becomes the living card. */
export const submit: Action = {
  verb: 'submit',
  run: async (services, turn) => {
    const parsed = FormData.safeParse(turn.data);
    const workflow = services.workflows.find(({ name }) => name === parsed.data?.workflow);
    if (!parsed.success || !workflow) {
      return {
        kind: 'error',
        status: 400,
        code: 'invalid-input',
        message: 'This form cannot be read. Ask again in chat.',
      };
    }
    const asked = workflow.form.map(({ id }) => [id, (parsed.data[id] ?? '').trim()] as const);
    const unknown = Object.keys(parsed.data).filter((key) => key !== 'workflow' && !asked.some(([id]) => id === key));
    if (unknown.length > 0) {
      return {
        kind: 'error',
        status: 400,
        code: 'invalid-input',
        message: 'This form carries fields it does not have.',
      };
    }
    const values = Object.fromEntries(asked.filter(([, value]) => value !== ''));
    const { actor, conversation, messageId } = turn;
    const isAlone = (await services.notifier.scopeOf(conversation)) === 'personal';
    const barred = isAlone ? await decidedNowhere(services, conversation, null) : null;
    if (barred) return { kind: 'card', card: barred };
    const seed = messageId ?? JSON.stringify(values);
    const opened = await openRequestFor(services, workflow, {
      actor,
      conversation,
      seed: `form:${conversation}:${seed}`,
      values,
      filled: true,
    });
    if (opened.kind === 'asked-back') return { kind: 'card', card: opened.card };
    if (messageId && opened.kind === 'opened') {
      await services.messages.rememberCard(opened.request.id, { conversation, messageId });
    }
    return { kind: 'card', card: await cardOfClick(services, opened.request, turn) };
  },
};
