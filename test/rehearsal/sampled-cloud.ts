import { beforeAll, expect } from 'vitest';
import { OBJECT_KINDS } from '../../src/rehearsal/exchange/tenant.ts';
import { type Sample, SPOOF } from './cmdlet-samples.ts';
import { type Wire, wire } from './fidelity/wire.ts';
import type { Answer } from './running-rehearsal.ts';

/** A simulated cloud in which the samples are called in contoso, with a token that outlives what faults do. */
export interface SampledCloud {
  readonly cloud: Wire;
  readonly prepare: (sample: Sample) => Promise<void>;
  readonly call: (sample: Sample) => Promise<Answer>;
  /** Everything that contoso holds. */
  readonly state: () => string;
  /** What reads by identity see of it now. */
  readonly visible: () => string;
}

/** Faults that keep a call from running, and the status of their answers. */
export const INSTEAD = [
  ['throttle', 429],
  ['throttle-with-retry-after', 429],
  ['server-error-before', 503],
  ['lost-role', 403],
  ['consent-revoked', 401],
  ['tenant-concurrency', 400],
  ['authorization-context', 400],
] as const;

/** Which of the two services takes a cmdlet. */
export function whereOf(cmdlet: string): 'exchange' | 'compliance' {
  return cmdlet.endsWith('ProtectionAlert') ? 'compliance' : 'exchange';
}

export function sampledCloud(): SampledCloud {
  const cloud = wire();
  let token = '';
  beforeAll(async () => {
    token = await cloud.rehearsal.token('contoso');
  });
  return {
    cloud,
    call: ({ cmdlet, parameters }) => {
      if (whereOf(cmdlet) === 'compliance') return cloud.comply(cmdlet, parameters);
      return cloud.run(cmdlet, parameters, 'contoso', { authorization: `Bearer ${token}` });
    },
    prepare: async ({ before = [], isDehydrated }) => {
      await cloud.directory({ directoryRoles: ['Exchange Administrator', 'Compliance Administrator'] });
      const { stores, switches } = cloud.tenant('contoso');
      switches.isDehydrated = isDehydrated ?? switches.isDehydrated;
      const spoof = { ...SPOOF, Identity: 'i', SpoofedUser: 'y.example' };
      stores.spoofItems.put('i', spoof, 0, { visible: 0, effective: 0 });
      for (const [cmdlet, parameters] of before) {
        const call = { tenant: 'contoso', cmdlet, parameters };
        const { status, body } = await cloud.rehearsal.control('POST', '/control/exchange', call);
        expect([status, body.error]).toEqual([200, undefined]);
      }
    },
    state: () => {
      const { id, stores } = cloud.tenant('contoso');
      const objects = OBJECT_KINDS.map((kind) => stores[kind].stored());
      return JSON.stringify([objects, cloud.rehearsal.world.trace.list(id)]);
    },
    visible: () => {
      const { stores } = cloud.tenant('contoso');
      const now = cloud.rehearsal.world.clock.now();
      return JSON.stringify(OBJECT_KINDS.map((kind) => stores[kind].visible(now)));
    },
  };
}
