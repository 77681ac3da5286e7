import { BadRequest, json, type RehearsalResponse } from '../http.ts';

/** A body that makes no sense is refused in the words of the protocol. */
export async function understood(work: () => Promise<RehearsalResponse>): Promise<RehearsalResponse> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof BadRequest)) throw error;
    return json(400, { error: { code: 'BadRequest', message: error.message } });
  }
}
