/** Application permissions of Graph that an app here can be given, and the ids of their roles. */
export const GRAPH_PERMISSIONS = {
  'Application.Read.All': '9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30',
  'Application.ReadWrite.OwnedBy': '18a4783c-866b-4cc7-a460-3d5e5662c884',
  'Domain.Read.All': 'dbb9058a-0e50-45d7-ae91-66909b5d4664',
  'Domain.ReadWrite.All': '7e05723c-0bb0-42da-be95-ae9f08a6e53c',
  'GroupMember.Read.All': '98830695-27a2-44f7-8c18-0c3ebc9698f6',
  'ExchangeMessageTrace.Read.All': '89b20d8a-76e2-4057-867b-9961f800b9a4',
  'RoleManagement.Read.Directory': '483bed4a-2ad3-4361-a73b-c83ccdbdc53c',
  'RoleManagement.ReadWrite.Directory': '9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8',
  'User.Read.All': 'df021288-bdef-4463-88db-98f22de89214',
  'User.ReadBasic.All': '97235f07-e226-4f63-ace3-39588e11d3a1',
} as const;

export type GraphPermission = keyof typeof GRAPH_PERMISSIONS;

export const graphPermissionNames = Object.keys(GRAPH_PERMISSIONS) as GraphPermission[];

/** What the worker's registration asks for, and consent therefore brings. */
export const requestedPermissions: readonly GraphPermission[] = [
  'Application.Read.All',
  'Application.ReadWrite.OwnedBy',
  'Domain.Read.All',
  'ExchangeMessageTrace.Read.All',
];
