/** Directory roles with a say in Exchange, and the template ids by which Graph names them in every tenant. */
export const DIRECTORY_ROLES = {
  'Exchange Administrator': '29232cdf-9323-42fd-ade2-1d097af3e4de',
  'Compliance Administrator': '17315797-102d-40b4-93e0-432062caca18',
  'Security Administrator': '194ae4cb-b126-40b2-bd5b-6091b380977d',
  'Global Administrator': '62e90394-69f5-4237-9190-012177145e10',
  'Exchange Recipient Administrator': '31392ffb-586c-42d1-9346-e59415a2cc4e',
  'Helpdesk Administrator': '729827e3-9c14-49f7-bb1b-9608f156bbb8',
  'Global Reader': 'f2ef992c-3afb-46b9-b7cf-a126ee74c451',
  'Security Reader': '5d6b6bb7-de71-4623-b4af-96380a352509',
} as const;

export type DirectoryRole = keyof typeof DIRECTORY_ROLES;

export const directoryRoleNames = Object.keys(DIRECTORY_ROLES) as DirectoryRole[];
