export const resolverBehaviours = ['normal', 'silent', 'servfail', 'slow', 'refuse'] as const;

/** How a resolver answers everything it is asked. */
export type ResolverBehaviour = (typeof resolverBehaviours)[number];

export const nameBehaviours = [...resolverBehaviours, 'nxdomain'] as const;

/** How every resolver answers questions about one name. */
export type NameBehaviour = (typeof nameBehaviours)[number];
