/** The addresses and scopes of one of Microsoft's clouds. */
export interface Cloud {
  readonly authority: string;
  readonly exchange: Service;
  readonly compliance: Service;
  readonly graph: Service;
  /** What a managed identity's token must be made for, so that Entra takes it as proof of the worker. */
  readonly federationAudience: string;
}

/** Where a service is called and which tokens it takes. */
export interface Service {
  readonly baseUrl: string;
  readonly scope: string;
}

export const cloudNames = ['worldwide', 'gcc', 'gcc-high', 'dod'] as const;

const worldwide: Cloud = {
  authority: 'https://login.microsoftonline.com',
  exchange: service('https://outlook.office365.com'),
  compliance: service('https://ps.compliance.protection.outlook.com'),
  graph: service('https://graph.microsoft.com'),
  federationAudience: 'api://AzureADTokenExchange',
};

export const clouds: Readonly<Record<(typeof cloudNames)[number], Cloud>> = {
  worldwide,
  gcc: worldwide,
  'gcc-high': {
    authority: 'https://login.microsoftonline.us',
    exchange: service('https://outlook.office365.us'),
    compliance: service('https://ps.compliance.protection.office365.us'),
    graph: service('https://graph.microsoft.us'),
    federationAudience: 'api://AzureADTokenExchangeUSGov',
  },
  dod: {
    authority: 'https://login.microsoftonline.us',
    exchange: service('https://outlook-dod.office365.us'),
    compliance: service('https://l5.ps.compliance.protection.office365.us'),
    graph: service('https://dod-graph.microsoft.us'),
    federationAudience: 'api://AzureADTokenExchangeUSGov',
  },
};

function service(baseUrl: string): Service {
  return { baseUrl, scope: `${baseUrl}/.default` };
}
