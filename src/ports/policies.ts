import type { PolicyDocument } from '../core/policy/approval-policy.ts';
import type { PeopleNames } from './people-names.ts';

/** The approval policy of this house, as steps and workflows see it. */
export interface PolicyBook {
  /** Whether people can sign in afresh here, so that a policy can ask for it. */
  readonly offersSignIn: boolean;
  /** What the people are called whom a policy names by object id. */
  readonly people: Pick<PeopleNames, 'of'>;
  /** The version in force; `number` counts versions. */
  latest(): Promise<{ readonly number: number; readonly document: PolicyDocument }>;
  /**
   * Puts another policy in force after the version with this number. Throws `UnavailableError` when that one is not the
   * latest any more; nothing is changed then.
   */
  replace(number: number, document: PolicyDocument): Promise<void>;
}
