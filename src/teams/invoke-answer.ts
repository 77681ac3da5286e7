import type { ActionAnswer } from '../commands/turn.ts';
import type { Reader } from '../core/reader.ts';
import { momentsFor } from '../views/time.ts';
import type { Renderer } from './render.ts';

/** What the service gets for an Action.Execute. The HTTP status around it is always 200. */
export interface InvokeBody {
  readonly statusCode: number;
  readonly type: string;
  readonly value: unknown;
}

const unknown: Reader = { locale: null, timeZone: null };

/** The answer to a click in the channel's form, with moments as whoever clicked reads them. */
export function invokeBody(answer: ActionAnswer, renderer: Renderer, reader: Reader = unknown): InvokeBody {
  switch (answer.kind) {
    case 'card':
      return {
        statusCode: 200,
        type: 'application/vnd.microsoft.card.adaptive',
        value: renderer.content(answer.card, reader),
      };
    case 'message':
      return {
        statusCode: 200,
        type: 'application/vnd.microsoft.activity.message',
        value: renderer.text(momentsFor(reader, answer.text)),
      };
    case 'error':
      return {
        statusCode: answer.status,
        type: 'application/vnd.microsoft.error',
        value: { code: answer.code, message: renderer.text(momentsFor(reader, answer.message)) },
      };
  }
}
