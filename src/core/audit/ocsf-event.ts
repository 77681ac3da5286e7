import type { JsonObject } from '../json.ts';
import { subscriptionsName } from '../subscription-entry.ts';
import type { AuditEvent } from './audit-event.ts';
import type { AuditRecord } from './chain.ts';
import { isIntent } from './controls.ts';

/** Under which name exports are found in the trail: they belong to no request. */
export const auditTrailName = 'audit-trail';

/** Version of the Open Cybersecurity Schema Framework that events are written in. */
const ocsfVersion = '1.4.0';

/** What an event is in OCSF: its class and what was done. */
interface Classified {
  readonly category: number;
  readonly classUid: number;
  readonly className: string;
  readonly activity: number;
  readonly activityName: string;
  readonly fields: JsonObject;
}

/**
 * An entry as a line of an export, for a SIEM. A step that begins is the call of a cmdlet (API Activity, 6003), a step
 * that ended is what became of the object (Entity Management, 3004), a vote authorises a run (Authorize Session, 3003),
 * and everything else is the life of a request (Entity Management, 3004).
 * `raw_data` and `unmapped` carry the entry itself, so that an export can be verified without the database.
 */
export function ocsfEvent(record: AuditRecord, event: AuditEvent, productVersion: string): JsonObject {
  const { category, classUid, className, activity, activityName, fields } = classify(event);
  const failed = event.outcome === 'refused' || /failed|not-undone/u.test(event.action);
  return {
    category_uid: category,
    class_uid: classUid,
    class_name: className,
    activity_id: activity,
    activity_name: activityName,
    type_uid: classUid * 100 + activity,
    time: Date.parse(event.at),
    severity_id: failed ? 3 : 1,
    status_id: failed ? 2 : 1,
    status: failed ? 'Failure' : 'Success',
    ...(event.reason === null ? {} : { status_detail: event.reason }),
    message: messageOf(event),
    metadata: {
      version: ocsfVersion,
      product: { name: 'Switchyard', vendor_name: 'Switchyard', version: productVersion },
      uid: event.id,
      sequence: record.seq,
      tenant_uid: event.tenantId,
      correlation_uid: event.requestId,
      log_name: 'audit',
    },
    actor: actorOf(event),
    ...fields,
    raw_data: record.entry,
    unmapped: { seq: record.seq, previous: record.previous, hash: record.hash },
  };
}

function classify(event: AuditEvent): Classified {
  if (event.action === 'approve' || event.action === 'deny') return vote(event);
  if (isIntent(event) && event.target) return cmdletCall(event, event.target);
  if (event.action.startsWith('step-') && event.target) {
    const { kind, identity } = event.target;
    return entityManagement(event, { type: kind, name: identity, uid: `${event.tenantId}/${kind}/${identity}` });
  }
  const version = event.after ? { version: String(event.after.revision) } : {};
  const type = entityTypeOf(event);
  return entityManagement(event, { type, uid: event.requestId, name: event.requestId, ...version });
}

/** Consents, subscriptions and exports belong to no request. */
function entityTypeOf({ requestId }: AuditEvent): string {
  if (requestId.startsWith('consent:')) return 'Consent';
  if (requestId === subscriptionsName) return 'Subscription';
  return requestId === auditTrailName ? 'Audit Trail' : 'Request';
}

function vote(event: AuditEvent): Classified {
  const verdict = event.action === 'approve' ? 'Approve' : 'Deny';
  return {
    category: 3,
    classUid: 3003,
    className: 'Authorize Session',
    activity: 99,
    activityName: verdict,
    fields: { user: userOf(event), privileges: [`run of plan ${event.digest ?? 'unknown'}`] },
  };
}

function cmdletCall(event: AuditEvent, { kind, identity }: NonNullable<AuditEvent['target']>): Classified {
  const operation = typeof event.detail['cmdlet'] === 'string' ? event.detail['cmdlet'] : event.action;
  return {
    category: 6,
    classUid: 6003,
    className: 'API Activity',
    ...activityOf(operation),
    fields: {
      api: { operation, service: { name: 'Exchange Online' } },
      src_endpoint: { name: 'switchyard' },
      resources: [{ type: kind, name: identity, owner: { org: { uid: event.tenantId } } }],
    },
  };
}

function entityManagement(event: AuditEvent, entity: JsonObject): Classified {
  const { cmdlet } = event.detail;
  const acted = typeof cmdlet === 'string' ? activityOf(cmdlet) : requestActivity(event);
  return {
    category: 3,
    classUid: 3004,
    className: 'Entity Management',
    ...acted,
    fields: { entity, comment: event.action },
  };
}

function activityOf(cmdlet: string): Pick<Classified, 'activity' | 'activityName'> {
  const [verb] = cmdlet.split('-', 1);
  if (verb === 'New' || verb === 'Add') return { activity: 1, activityName: 'Create' };
  if (verb === 'Get' || verb === 'Test') return { activity: 2, activityName: 'Read' };
  if (verb === 'Remove') return { activity: 4, activityName: 'Delete' };
  return { activity: 3, activityName: 'Update' };
}

/** What was refused made nothing. */
function requestActivity({ action, outcome }: AuditEvent): Pick<Classified, 'activity' | 'activityName'> {
  if (outcome === 'refused') return { activity: 99, activityName: `Refused: ${action}` };
  if (action === 'requested' || action === 'subscribed') return { activity: 1, activityName: 'Create' };
  if (action === 'unsubscribed') return { activity: 4, activityName: 'Delete' };
  if (/-(?:exported|viewed)$|^audit-/u.test(action)) return { activity: 2, activityName: 'Read' };
  return { activity: 3, activityName: 'Update' };
}

function actorOf(event: AuditEvent): JsonObject {
  return event.actor ? { user: userOf(event) } : { app_name: 'Switchyard' };
}

function userOf({ actor }: AuditEvent): JsonObject {
  return actor ? { uid: actor.objectId, name: actor.name, org: { uid: actor.tenantId } } : { name: 'Switchyard' };
}

function messageOf({ actor, action, outcome, requestId, target }: AuditEvent): string {
  const object = target ? ` on ${target.kind} ${target.identity}` : '';
  return `${actor?.name ?? 'Switchyard'}: ${action} of ${requestId}${object}, ${outcome}`;
}
