const CODES = { 400: 'BadRequest', 404: 'NotFound', 429: 'TooManyRequests' } as const;

/** A cmdlet that failed, with what the wire needs to say about it. */
export class ExchangeError extends Error {
  override readonly name = 'ExchangeError';
  readonly status: number;
  readonly code: 'BadRequest' | 'NotFound' | 'TooManyRequests';
  /** Full name of the .NET exception. */
  readonly type: string;

  constructor(status: 400 | 404 | 429, type: string, message: string) {
    super(message);
    this.status = status;
    this.code = CODES[status];
    this.type = type;
  }
}

const TASKS = 'Microsoft.Exchange.Management.Tasks';
const INVOCATION = 'Microsoft.Exchange.AdminApi.CommandInvocation';

/** A value or a combination of values that Exchange does not store. */
export function invalid(message: string): ExchangeError {
  return new ExchangeError(400, 'Microsoft.Exchange.Data.DataValidationException', message);
}

export function badArgument(message: string): ExchangeError {
  return new ExchangeError(400, 'System.ArgumentException', message);
}

export function notFound(identity: string): ExchangeError {
  return new ExchangeError(
    404,
    'Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException',
    `The operation couldn't be performed because object '${identity}' couldn't be found on 'AM0PR01A0001DC01.EURPR01A001.PROD.OUTLOOK.COM'.`,
  );
}

export function alreadyExists(what: string, name: string): ExchangeError {
  return new ExchangeError(
    400,
    `${TASKS}.ManagementObjectAlreadyExistsException`,
    `The ${what} "${name}" already exists. Choose another name.`,
  );
}

export function inboundProhibited(): ExchangeError {
  return new ExchangeError(
    400,
    `${TASKS}.OrganizationInboundConnectorProhibitedException`,
    'For this organization, inbound connectors of type OnPremises cannot be enabled. Contact support to have the restriction lifted.',
  );
}

/** A write to a policy of an organisation that was never customised. */
export function dehydrated(): ExchangeError {
  return new ExchangeError(
    400,
    'Microsoft.Exchange.Configuration.Common.InvalidOperationInDehydratedContextException',
    "The command you tried to run isn't currently allowed in your organization. To run this command, you first need to run the command: Enable-OrganizationCustomization.",
  );
}

export function unknownParameter(cmdlet: string, parameter: string): ExchangeError {
  return new ExchangeError(
    400,
    `${INVOCATION}.AmbiguousParameterSetException`,
    `Parameter set cannot be resolved using the specified named parameters. A parameter cannot be found that matches parameter name '${parameter}' of ${cmdlet}.`,
  );
}

export function repeatedParameter(parameter: string): ExchangeError {
  return new ExchangeError(
    400,
    'System.Management.Automation.ParameterBindingException',
    `Cannot bind parameter because parameter '${parameter}' is specified more than once.`,
  );
}

export function missingParameter(cmdlet: string, parameters: readonly string[]): ExchangeError {
  return new ExchangeError(
    400,
    'System.Management.Automation.ParameterBindingException',
    `Cannot process command ${cmdlet} because of one or more missing mandatory parameters: ${parameters.join(' ')}.`,
  );
}

export function badValue(parameter: string, reason: string): ExchangeError {
  return new ExchangeError(
    400,
    `${INVOCATION}.ParameterTransformationException`,
    `Cannot process argument transformation on parameter '${parameter}'. ${reason}`,
  );
}
