import { z } from 'zod/v4';

/** Where public evidence is silent or contradicts itself: false is the reading that the rehearsal takes by itself. */
export const flowSwitches = z.object({
  /** A Partner connector with addresses but without a restriction lets those addresses past the lock of another one. */
  unrestrictedAddressesAdmit: z.boolean(),
  /**
   * A wildcard connector goes before one for all accepted domains, as Microsoft's worked example has it;
   * Microsoft's numbered list has it the other way round.
   */
  wildcardBeatsAllAccepted: z.boolean(),
  /** SentToScope asks for an authenticated connection, as its documentation says and no vendor relies on. */
  sentToScopeNeedsAuthentication: z.boolean(),
  /** Mail that returns through an OnPremises connector counts as internal even without TreatMessagesAsInternal. */
  returnedMailIsInternal: z.boolean(),
  /** A spam confidence level of 5 and more set by a rule is an input to filtering and condemns nothing. */
  sclIsOnlyInput: z.boolean(),
  /** Of several rules that route a message, the first one decides and not the last. */
  firstRouteWins: z.boolean(),
  /** A rule in audit mode still ends the processing of further rules when it says so. */
  auditStops: z.boolean(),
});

export type FlowSwitches = z.infer<typeof flowSwitches>;

export const usualSwitches: Readonly<FlowSwitches> = {
  unrestrictedAddressesAdmit: false,
  wildcardBeatsAllAccepted: false,
  sentToScopeNeedsAuthentication: false,
  returnedMailIsInternal: false,
  sclIsOnlyInput: false,
  firstRouteWins: false,
  auditStops: false,
};
