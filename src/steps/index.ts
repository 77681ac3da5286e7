import { newInboundConnector } from './new-inbound-connector.ts';
import { setApprovalPolicy } from './set-approval-policy.ts';
import { setInboundConnector } from './set-inbound-connector.ts';

/** The catalogue of steps: one sorted line per file. */
export const steps = {
  newInboundConnector,
  setApprovalPolicy,
  setInboundConnector,
};
