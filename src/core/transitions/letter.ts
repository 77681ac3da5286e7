import type { Json } from '../json.ts';
import type { ProvisioningRequest } from '../request.ts';
import type { Effect } from '../store.ts';
import { runCall, undoCall } from './run-call.ts';

/** What a letter to a run says: `true` is "stop and roll back", which needs no look; anything else is "look again". */
export const stopLetter: Json = true;
const lookLetter: Json = 'look';

/** Wakes the run of a request, which then looks at the request itself: what is stored there counts, not the letter. */
export function letter(request: ProvisioningRequest): Effect {
  const { id: runId } = request.state === 'undoing' ? undoCall(request) : runCall(request);
  const key = `${request.id}:look:${request.revision}`;
  return { kind: 'message', runId, topic: 'operator', key, message: lookLetter };
}
