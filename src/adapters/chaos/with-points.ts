import type { Failpoints } from './failpoints.ts';

/** What a call is called, and the request it is about when that can be seen from its arguments. */
export interface Point {
  readonly name: string;
  readonly requestId?: string;
}

type Points<Target> = {
  readonly [Method in keyof Target]?: Target[Method] extends (...args: infer Args) => Promise<unknown>
    ? (...args: Args) => Point
    : never;
};

/** The same object with a failpoint before and after each call of the named methods. */
export function withPoints<Target extends object>(
  failpoints: Failpoints,
  target: Target,
  points: Points<Target>,
): Target {
  const pointOf = new Map<PropertyKey, (...args: unknown[]) => Point>(
    Object.entries(points as Record<string, (...args: unknown[]) => Point>),
  );
  return new Proxy(target, {
    get: (object, key) => {
      const member: unknown = Reflect.get(object, key);
      if (typeof member !== 'function') return member;
      const name = pointOf.get(key);
      if (!name) return member.bind(object) as unknown;
      return async (...args: unknown[]): Promise<unknown> => {
        const point = name(...args);
        failpoints.reach(`before ${point.name}`, point.requestId);
        const result: unknown = await Reflect.apply(member, object, args);
        failpoints.reach(`after ${point.name}`, point.requestId);
        return result;
      };
    },
  });
}
