/** Services for which tokens are issued, by their identifier, which is the audience of the token. */
export const SERVICES = {
  exchange: 'https://outlook.office365.com',
  compliance: 'https://ps.compliance.protection.outlook.com',
  graph: 'https://graph.microsoft.com',
  botConnector: 'https://api.botframework.com',
} as const;
