import { afterAll, beforeAll, beforeEach } from 'vitest';
import { type Answer, type RunningRehearsal, runningRehearsal } from './running-rehearsal.ts';

export const CONTOSO = 'c0000000-0000-4000-8000-000000000001';
export const FABRIKAM = 'c0000000-0000-4000-8000-000000000002';
export const PATH = `/adminapi/beta/${CONTOSO}/InvokeCommand`;
export const PARTNER = { ConnectorType: 'Partner', SenderDomains: '*', SenderIPAddresses: ['65.99.255.0/24'] };

/** A simulated cloud of a test file, fresh for every test, and calls to contoso in it. */
export interface ContosoWire {
  readonly rehearsal: RunningRehearsal;
  /** One request with this token. */
  send(token: string, text?: string, path?: string): Promise<Answer>;
  /** One cmdlet with a good token. */
  invoke(cmdlet: string, parameters?: object, headers?: Record<string, string>): Promise<Answer>;
}

export function contosoWire(): ContosoWire {
  let rehearsal: RunningRehearsal;
  beforeAll(async () => {
    rehearsal = await runningRehearsal();
  });
  afterAll(() => rehearsal.stop());
  beforeEach(async () => {
    await rehearsal.control('POST', '/control/reset', { seed: 'default' });
  });
  return {
    get rehearsal() {
      return rehearsal;
    },
    send: (token, text = body('Get-AcceptedDomain'), path = PATH) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json; charset=utf-8' };
      return rehearsal.send('POST', path, { headers, body: text });
    },
    invoke: (cmdlet, parameters = {}, headers = {}) => rehearsal.invoke('contoso', cmdlet, parameters, headers),
  };
}

export function body(cmdlet: string, parameters: object = {}): string {
  return JSON.stringify({ CmdletInput: { CmdletName: cmdlet, Parameters: parameters } });
}

/** The full name of the exception in an error answer. */
export function typeOf({ body: { error } }: Answer): string {
  return String(error.details[0].message).split('|')[1] ?? '';
}
