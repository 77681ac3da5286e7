import { readdirSync, readFileSync } from 'node:fs';

/** Ticks of /proc per second; a constant of Linux, whatever the kernel's own clock does. */
const TICKS_PER_SECOND = 100;

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly commandLine: string;
}

const KIB_PER_MB = 1024;

/** Resident memory of one process, in MiB. */
export function residentMb(pid: number): number {
  return statusKib(pid, 'VmRSS') / KIB_PER_MB;
}

/**
 * Resident memory of a process, of all it started, and of every process that names the folder, in MiB. Shared memory
 * is counted once: each PostgreSQL process maps the same buffers.
 */
export function residentOfAllMb(pid: number, folder: string): number {
  const pids = familyOf(pid, folder);
  const shared = pids.map((one) => statusKib(one, 'RssShmem'));
  const all = pids.reduce((sum, one) => sum + statusKib(one, 'VmRSS'), 0);
  return (all - shared.reduce((sum, kib) => sum + kib, 0) + Math.max(0, ...shared)) / KIB_PER_MB;
}

/** Processor time a process has used since it began, in milliseconds; grows in steps of 10. */
export function processorMs(pid: number): number {
  const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name in parentheses may hold spaces; user and system time are the 12th and 13th fields after it.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
}

function familyOf(pid: number, folder: string): number[] {
  const processes = listProcesses();
  const family = new Set(
    processes.filter((one) => one.pid === pid || one.commandLine.includes(folder)).map((one) => one.pid),
  );
  for (let size = -1; size !== family.size; ) {
    size = family.size;
    for (const one of processes) if (family.has(one.parent)) family.add(one.pid);
  }
  return [...family];
}

function listProcesses(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .flatMap((name) => {
      try {
        const commandLine = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return [{ pid: Number(name), parent: statusNumber(Number(name), 'PPid'), commandLine }];
      } catch {
        return [];
      }
    });
}

function statusKib(pid: number, field: string): number {
  try {
    return statusNumber(pid, field);
  } catch {
    return 0;
  }
}

function statusNumber(pid: number, field: string): number {
  const found = new RegExp(`^${field}:\\s+(\\d+)`, 'mu').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(found?.[1] ?? 0);
}
