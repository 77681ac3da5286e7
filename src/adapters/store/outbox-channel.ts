/** Channel on which a commit tells every process that an effect is waiting; the payload is the lane. */
export const outboxChannel = 'switchyard_outbox';
