import type { DirectoryRole } from '../entra/directory-roles.ts';
import { json, type RehearsalResponse } from '../http.ts';
import type { World } from '../world.ts';
import { unauthorized } from './answers.ts';
import { refuseRole } from './refuse-role.ts';
import type { Service } from './service.ts';
import type { Tenant } from './tenant.ts';
import { tenantAt } from './tenant-at.ts';

export interface Caller {
  readonly tenant: Tenant;
  readonly appId: string;
  readonly roles: readonly DirectoryRole[];
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
export async function authorize(
  world: World,
  service: Service,
  call: { readonly tenant: string; readonly cmdlet: string; readonly authorization: string },
): Promise<Authorization> {
  const token = /^Bearer (.+)$/iu.exec(call.authorization)?.[1] ?? '';
  const claims = await world.identity.verify(token, service.audience);
  if (!claims)
    return refused(null, '401-token', unauthorized('2000001;reason="The token is missing or not for this service."'));
  const tid = String(claims['tid']);
  const tenant = tenantAt(world, call.tenant);
  if (!tenant || tid !== tenant.id) return wrongTenant(world, tid, tenant !== undefined);
  const now = world.clock.now();
  const { consentSeconds, roleSeconds } = tenant.switches;
  const { consent, exchangePermission } = tenant.access.seen(now, consentSeconds);
  const { roles } = tenant.access.seen(now, roleSeconds);
  const claimed = Array.isArray(claims['roles']) ? claims['roles'] : [];
  if (!claimed.includes('Exchange.ManageAsApp') || !exchangePermission || consent !== 'granted') {
    return refused(
      tid,
      '401-no-app-role',
      unauthorized('2000008;reason="The application has no permission Exchange.ManageAsApp."'),
    );
  }
  if (!service.allows(roles, call.cmdlet)) {
    return refused(tid, '403-no-directory-role', refuseRole(service, tenant, call.cmdlet));
  }
  return { tenantOfToken: tid, caller: { tenant, appId: String(claims['appid']), roles } };
}

function wrongTenant(world: World, tid: string, isKnown: boolean): Authorization {
  if (!isKnown && world.tenants.get(tid)?.switches.unknownTenantNotFound) {
    const error = { code: 'NotFound', message: 'The organization of the address was not found.' };
    return refused(tid, '404-unknown-tenant', json(404, { error }));
  }
  const response = unauthorized('2000003;reason="The token was issued for another tenant."');
  return refused(tid, '401-wrong-tenant', response);
}

function refused(tenantOfToken: string | null, outcome: string, response: RehearsalResponse): Authorization {
  return { tenantOfToken, refusal: { response, outcome } };
}
