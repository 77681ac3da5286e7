// `node infra/install.mjs [program …]` installs what the lockfile says, once, and then runs the program on the pinned
// Node. The npm scripts call it themselves: with `ignore-scripts`, npm runs no `prestart` and no `pretest`.
// Plain JavaScript without imports of ours, because the machine's own Node may be too old for the project.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

install();
const [, , program, ...rest] = process.argv;
if (program) await run(join(root, program), rest);

function install() {
  const stamp = join(root, 'node_modules', '.switchyard-lock');
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.log('Installing the packages of package-lock.json (once, about a minute) …');
  const npm = process.env.npm_execpath;
  // Not `npm ci`: it refuses a lockfile without the packages of platforms that the registry it was made with lacks.
  const args = ['install', '--no-save', '--no-fund', '--no-audit', '--loglevel=error'];
  const installed = npm
    ? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: 'inherit' })
    : spawnSync('npm', args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  if (installed.status !== 0) {
    console.error(
      'npm install failed. Switchyard needs Node 20 or newer, npm, and the npm registry for the first start.',
    );
    process.exit(installed.status ?? 1);
  }
  writeFileSync(stamp, wanted);
}

/** In this process when it is the pinned Node already, which it is from the second start on; else in a child. */
async function run(file, args) {
  const node = pinnedNode();
  if (realpathSync(node) === realpathSync(process.execPath)) {
    whenNpmIsGone(() => process.kill(process.pid, 'SIGHUP'));
    process.argv = [process.execPath, file, ...args];
    await import(pathToFileURL(file).href);
    return;
  }
  const child = spawn(node, [file, ...args], { stdio: 'inherit' });
  // Ctrl-C reaches the child as well, which says when it has stopped; other senders know only this process.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));
  whenNpmIsGone(() => child.kill('SIGHUP'));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 143);
  });
}

/** npm hands SIGTERM to a shell, which dies of it and tells nobody. What remains to be seen is another parent. */
function whenNpmIsGone(stop) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const shell = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(watch);
    stop();
  }, 250).unref();
}

function pinnedNode() {
  const system = process.platform === 'win32' ? 'win' : process.platform;
  const folder = join(root, 'node_modules', `node-${system}-${process.arch}`, 'bin');
  const candidates = [join(folder, 'node'), join(folder, 'node.exe'), process.execPath];
  return candidates.find((candidate) => existsSync(candidate));
}
