import type { Json, JsonObject } from './json.ts';

/** What a durable function sees of the engine. A function is replayed after a crash: stored results are given back. */
export interface DurableRun {
  readonly id: string;
  /**
   * Runs `work` and stores its result, in order. After a crash a stored result is returned without running `work`;
   * work that had started and was not stored runs again, so it must be idempotent. `work` must not throw for
   * outcomes that are expected: it returns them.
   */
  readonly step: <Result extends Json>(name: string, work: () => Promise<Result>) => Promise<Result>;
  /** Waits for a message on a topic until the deadline (product time), then gives null. Messages sent early are kept. */
  readonly receive: (topic: string, until: Date) => Promise<Json | null>;
  /**
   * Resolves while this execution is the one that carries the run. Asked before every effect on the outside, it keeps a
   * process that was frozen from acting late. Errors: `TakenOverError` once another process has taken the run over, which
   * must not reach the run: see `unlessTakenOver`.
   */
  readonly stillOurs: () => Promise<void>;
}

/** A function the engine keeps alive across crashes. The version is part of its name, e.g. `lock-down@1`. */
export interface DurableFunction {
  readonly name: string;
  run(durable: DurableRun, input: JsonObject): Promise<void>;
}

/** A call of a durable function. The same id starts only once, however often it is asked for. */
export interface DurableCall {
  readonly function: string;
  readonly id: string;
  readonly input: JsonObject;
  /** Calls with the same partition run one after another; null runs at once. */
  readonly partition: string | null;
}

/** The small part of a durable engine that the product relies on. */
export interface DurableEngine {
  start(call: DurableCall): Promise<void>;
  /** Sends a message to a running function; the same key is delivered once. Unknown ids are ignored. */
  send(runId: string, topic: string, message: Json, key: string): Promise<void>;
}
