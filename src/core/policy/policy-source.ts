import type { ApprovalPolicy } from './approval-policy.ts';

/** Where the policy in force is read. */
export interface PolicySource {
  /** The policy as it is now. Throws `StoreUnavailableError` when it cannot be read: then nothing is decided. */
  current(): Promise<ApprovalPolicy>;
}

/** A policy that does not change. */
export function fixedPolicy(policy: ApprovalPolicy): PolicySource {
  return { current: () => Promise.resolve(policy) };
}
