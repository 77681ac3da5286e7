import { createInterface } from 'node:readline';
import { endAllOf } from './belonging.ts';

// Outlives the harness, whatever ends it, and then ends what worked in the folders that it was told of.
const folders = new Set<string>();
const told = createInterface({ input: process.stdin });
told.on('line', (folder) => folders.add(folder));
told.on('close', () => void Promise.all([...folders].map(endAllOf)));
