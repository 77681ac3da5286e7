import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** Where the bot is to be hit; `point` null counts all points of the request since the process began. */
export interface Order {
  readonly tenant: string;
  readonly workflow: string;
  readonly point: string | null;
  readonly nth: number;
  readonly signal: 'SIGKILL' | 'SIGSTOP';
}

/** A point that a process has passed. */
export interface Pass {
  readonly at: number;
  readonly requestId: string;
  readonly point: string;
}

/** The file through which the bot is told where to end, and the log of the points it has passed. */
export class Orders {
  readonly file: string;

  constructor(file: string) {
    this.file = file;
    this.give([]);
  }

  give(orders: readonly Order[]): void {
    writeFileSync(`${this.file}.new`, JSON.stringify(orders));
    renameSync(`${this.file}.new`, this.file);
  }

  passes(requestId: string): readonly Pass[] {
    const log = `${this.file}.log`;
    if (!existsSync(log)) return [];
    return readFileSync(log, 'utf8')
      .split('\n')
      .map((line) => line.split('\t'))
      .filter(([, id]) => id === requestId)
      .map(([at, , point = '']) => ({ at: Number(at), requestId, point }));
  }
}
