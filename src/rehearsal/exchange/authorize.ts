import type { RehearsalResponse } from '../http.ts';
import type { World } from '../world.ts';
import { forbidden, unauthorized } from './answers.ts';
import type { Tenant } from './tenant.ts';

const AUDIENCE = 'https://outlook.office365.com';

export interface Caller {
  readonly tenant: Tenant;
  readonly appId: string;
}

interface Refusal {
  readonly response: RehearsalResponse;
  readonly outcome: string;
}

export type Authorization = { readonly tenantOfToken: string | null } & (
  | { readonly caller: Caller }
  | { readonly refusal: Refusal }
);

/** The permission ladder: token (401), its tenant (401), application permission (401), directory role (403). */
export async function authorize(world: World, tenantId: string, authorization: string): Promise<Authorization> {
  const token = /^Bearer (.+)$/iu.exec(authorization)?.[1] ?? '';
  const claims = await world.identity.verify(token, AUDIENCE);
  if (!claims)
    return refused(null, '401-token', unauthorized('2000001;reason="The token is missing or not for this service."'));
  const tid = String(claims['tid']);
  const tenant = world.tenants.get(tenantId.toLowerCase());
  if (!tenant || tid !== tenant.id) {
    return refused(tid, '401-wrong-tenant', unauthorized('2000003;reason="The token was issued for another tenant."'));
  }
  const roles = Array.isArray(claims['roles']) ? claims['roles'] : [];
  const permitted = roles.includes('Exchange.ManageAsApp') && tenant.hasExchangeRole && tenant.consent === 'granted';
  if (!permitted) {
    return refused(
      tid,
      '401-no-app-role',
      unauthorized('2000008;reason="The application has no permission Exchange.ManageAsApp."'),
    );
  }
  if (!tenant.hasDirectoryRole) return refused(tid, '403-no-directory-role', forbidden(NO_ROLE));
  return { tenantOfToken: tid, caller: { tenant, appId: String(claims['appid']) } };
}

export const NO_ROLE = '2000010;reason="The role assigned to application isn\'t supported in this scenario."';

function refused(tenantOfToken: string | null, outcome: string, response: RehearsalResponse): Authorization {
  return { tenantOfToken, refusal: { response, outcome } };
}
