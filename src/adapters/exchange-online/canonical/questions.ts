import { z } from 'zod/v4';
import type { ValidationTask } from '../../../ports/exchange-questions.ts';
import { plainText } from '../answer.ts';
import { guid, lowerWord, moment, name, word, words } from './forms.ts';

const when = moment.refine((value) => value !== null, 'is missing').transform((value) => value ?? '');
const address = lowerWord.transform((value) => value ?? '');

export const traceRow = z.object({
  MessageTraceId: guid,
  MessageId: words,
  Received: when,
  SenderAddress: address,
  RecipientAddress: address,
  Status: name,
  FromIP: word,
  ToIP: word,
});

export const traceEvent = z.object({ Date: when, Event: name, Action: word, Detail: words });

const task = z.looseObject({ TaskName: name, IsTaskSuccessful: z.boolean() });

/** The columns beside these two are not documented, so all texts are kept. */
export const validationTask = {
  parse: (raw: unknown): ValidationTask => {
    const { TaskName, IsTaskSuccessful, ...others } = task.parse(raw);
    const columns = Object.keys(others).filter((column) => /^(?:Task|Detail|Message|Error)\w*$/u.test(column));
    const texts = columns.toSorted().map((column) => others[column]);
    const Detail = plainText(texts.filter((value) => typeof value === 'string').join(' '));
    return { TaskName: plainText(TaskName), IsTaskSuccessful, Detail };
  },
};
