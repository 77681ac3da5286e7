import { connectorAsPlanned } from './connector-as-planned.ts';
import { directDeliveryRefused } from './direct-delivery-refused.ts';
import { gatewayAcceptsMail } from './gateway-accepts-mail.ts';
import { lockLifted } from './lock-lifted.ts';
import { mailHostKnown } from './mail-host-known.ts';
import { mxAtGateway } from './mx-at-gateway.ts';

/** Everything that can be looked at, sorted by name. */
export const checks = [
  connectorAsPlanned,
  directDeliveryRefused,
  gatewayAcceptsMail,
  lockLifted,
  mailHostKnown,
  mxAtGateway,
] as const;
