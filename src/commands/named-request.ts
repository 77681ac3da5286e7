import { InvalidInputError } from '../core/errors.ts';
import { looksLikeRequestId, type ProvisioningRequest } from '../core/request.ts';
import type { Services } from './command.ts';

/** The request a person named; says what is wrong when it cannot be found. */
export async function namedRequest(services: Services, words: readonly string[]): Promise<ProvisioningRequest> {
  const plain = words.map((word) => word.replace(/[.,:;!?]+$/u, ''));
  const given = plain.find(looksLikeRequestId) ?? plain[0];
  const request = given && looksLikeRequestId(given) ? await services.store.get(given.toUpperCase()) : null;
  if (request) return request;
  throw new InvalidInputError(
    given ? `There is no request ${given.slice(0, 40)}.` : 'The id of the request is missing.',
    {
      operation: 'look up a request',
      next: 'Type pending for the requests that wait, or status for all open ones. An id looks like R-7K2QXDAB.',
    },
  );
}
