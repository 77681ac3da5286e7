import { z } from 'zod/v4';
import { flowSwitches } from '../mail-flow/flow-switches.ts';
import { daneAnswers, mtaStsPolicy, scanner } from '../mail-flow/network.ts';
import { smtpBehaviours } from './smtp-behaviour.ts';

/** The mail hosts as JSON can hold them. */
export const smtpMemory = z.object({
  egress: z.record(z.string(), z.string()),
  served: z.record(z.string(), z.array(z.string())),
  behaviours: z.record(z.string(), z.enum(smtpBehaviours)),
  replies: z.record(z.string(), z.object({ code: z.number(), text: z.string() })),
  recipientFirst: z.boolean(),
  lockAfterData: z.boolean().default(false),
  flow: flowSwitches,
  // Scanners that an earlier version remembered sealed nothing.
  scanners: z.record(z.string(), scanner.extend({ sealer: scanner.shape.sealer.default(null) })),
  dane: z.record(z.string(), z.enum(daneAnswers)).default({}),
  mtaSts: z.record(z.string(), mtaStsPolicy).default({}),
  lagSeconds: z.number(),
});

export type SmtpMemory = z.infer<typeof smtpMemory>;
