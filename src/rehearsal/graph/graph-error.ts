import { json, type RehearsalResponse } from '../http.ts';

/** A refusal of Graph, in its own shape. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }

  response(): RehearsalResponse {
    const id = crypto.randomUUID();
    return json(this.status, {
      error: {
        code: this.code,
        message: this.message,
        innerError: { date: new Date().toISOString().slice(0, 19), 'request-id': id, 'client-request-id': id },
      },
    });
  }
}

export function badToken(): GraphError {
  return new GraphError(401, 'InvalidAuthenticationToken', 'Access token is empty, expired or for another service.');
}

export function notPermitted(): GraphError {
  return new GraphError(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
}

export function noResource(what: string): GraphError {
  return new GraphError(404, 'Request_ResourceNotFound', `Resource '${what}' does not exist.`);
}

export function badRequest(message: string): GraphError {
  return new GraphError(400, 'Request_BadRequest', message);
}

export function unsupportedQuery(message: string): GraphError {
  return new GraphError(400, 'Request_UnsupportedQuery', message);
}
