import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { compileCache } from '../support/compile-cache.ts';

const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const stopWithinMs = 20_000;
const mostFailures = 3;

/** One process of the bot that is started again whenever it dies, as a service manager would. */
export class ChaosBot {
  readonly #folder: string;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #output: string[] = [];
  #child: ChildProcess | null = null;
  #ready: Promise<void> = Promise.resolve();
  #isStopping = false;
  /** When the process died of a signal, as `Date.now()`. */
  readonly deaths: number[] = [];
  /** Ends that nobody ordered, with what was said last. */
  readonly failures: string[] = [];

  /** `folder` is where it keeps its data. */
  constructor(folder: string, environment: Readonly<Record<string, string>>) {
    this.#folder = folder;
    this.#environment = environment;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Everything it has printed, over all its lives. */
  get output(): string {
    return this.#output.join('');
  }

  /** Starts it, and resolves when it says that it is ready. Throws what it said last when it cannot start at all. */
  async start(): Promise<void> {
    this.#isStopping = false;
    this.#spawn();
    await this.#ready;
    if (this.failures.length > mostFailures) throw new Error(this.failures.at(-1));
  }

  /** Resolves when the present process says that it is ready; after a death that is the next one. */
  ready(): Promise<void> {
    return this.#ready;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** Whether it is stopped by SIGSTOP. */
  isFrozen(): boolean {
    try {
      const stat = readFileSync(`/proc/${this.pid}/stat`, 'utf8');
      return stat.slice(stat.lastIndexOf(')') + 2).startsWith('T');
    } catch {
      return false;
    }
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGCONT');
    child.kill('SIGTERM');
    const last = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
    await gone;
    clearTimeout(last);
  }

  #spawn(): void {
    const SWITCHYARD_DATA = this.#folder;
    // The program takes no arguments; the folder is named there so that the process is found by it.
    const child = spawn(process.execPath, [program, SWITCHYARD_DATA], {
      env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: compileCache, SWITCHYARD_DATA, ...this.#environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    child.stderr.setEncoding('utf8').on('data', (text: string) => this.#output.push(text));
    this.#ready = new Promise((resolve) => {
      createInterface(child.stdout).on('line', (line) => {
        this.#output.push(`${line}\n`);
        if (line.includes('is ready')) resolve();
      });
      child.once('exit', (code, signal) => {
        if (this.#isStopping) return resolve();
        this.#note(code, signal);
        // A program that cannot start at all would be started for ever.
        if (this.failures.length > mostFailures) return resolve();
        this.#spawn();
        void this.#ready.then(resolve);
      });
    });
  }

  #note(code: number | null, signal: NodeJS.Signals | null): void {
    if (signal === 'SIGKILL' || code === 0) {
      this.deaths.push(Date.now());
      return;
    }
    const said = this.output.slice(-600);
    // On a machine that is too busy the simulated cloud answers late; the next start is as good.
    if (!said.trimEnd().endsWith('or unset SWITCHYARD_REHEARSAL_URL.')) {
      this.failures.push(`The bot ended by itself (${code ?? signal}): ${said}`);
    }
  }
}
