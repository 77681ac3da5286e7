import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Shared by all processes that tests start: compiling the program is most of a start. */
export const compileCache = join(tmpdir(), `switchyard-test-compile-cache-${process.getuid?.() ?? 'user'}`);
