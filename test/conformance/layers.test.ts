import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { beforeAll, describe, expect, it } from 'vitest';

/** Which folders of ours each folder may import. The same table is shown in ARCHITECTURE.md. */
const mayImport: Record<string, readonly string[]> = {
  core: [],
  mail: [],
  ports: ['core', 'mail'],
  views: ['core', 'mail'],
  telemetry: ['core'],
  config: ['core'],
  steps: ['core', 'mail', 'ports'],
  checks: ['core', 'mail', 'ports'],
  workflows: ['core', 'mail', 'ports', 'steps', 'checks'],
  commands: ['core', 'mail', 'ports', 'views'],
  adapters: ['core', 'mail', 'ports', 'telemetry'],
  teams: ['core', 'mail', 'ports', 'views', 'commands', 'telemetry'],
  rehearsal: [],
};

/** Packages that may be imported in some places only. */
const confined: readonly { packages: RegExp; allowed: RegExp }[] = [
  { packages: /^(botbuilder|botframework-|@microsoft\/teams-ai)/, allowed: /^src\/(teams\/|server\.ts)/ },
  { packages: /^restify/, allowed: /^src\/server\.ts/ },
  { packages: /^@dbos-inc\//, allowed: /^src\/adapters\/durable\// },
  { packages: /^(@azure\/identity|@microsoft\/microsoft-graph-client)/, allowed: /^src\/(adapters|teams)\// },
  { packages: /^nodemailer/, allowed: /^src\/(adapters\/smtp|rehearsal)\// },
  { packages: /^pg$/, allowed: /^src\/adapters\/(database|store|durable)\// },
];

/** What the pure folders may import from outside. */
const pure: Record<string, RegExp> = {
  core: /^(zod|crypto|node:crypto|canonicalize)/,
  mail: /^(zod|net|node:net|crypto|node:crypto|ipaddr\.js|tr46|fastest-levenshtein|re2js)/,
  ports: /^$/,
  views: /^(node:)?url$/,
};

interface Import {
  readonly from: string;
  readonly to: string;
  readonly external: string | null;
}

let imports: Import[] = [];

beforeAll(async () => {
  const { output } = await cruise(['src'], { doNotFollow: 'node_modules', tsPreCompilationDeps: true });
  const { modules } = output as ICruiseResult;
  imports = modules
    .filter(({ source }) => source.startsWith('src/') && source.endsWith('.ts'))
    .flatMap(({ source, dependencies }) =>
      dependencies.map(({ resolved, module }) => ({
        from: source,
        to: resolved,
        external: resolved.startsWith('src/') ? null : module,
      })),
    );
});

/** Null for the roots, to which the parts of the composition root belong. */
function folderOf(file: string): string | null {
  const [, folder, rest] = file.split('/');
  return rest === undefined || folder === 'app' ? null : (folder ?? null);
}

describe('import table', () => {
  it('sees the whole program', () => {
    expect(new Set(imports.map(({ from }) => folderOf(from))).size).toBeGreaterThan(10);
  });

  it('lets every folder import only what the table allows', () => {
    const wrong = imports.filter(({ from, to, external }) => {
      const here = folderOf(from);
      const there = folderOf(to);
      if (external !== null || here === null || here === there) return false;
      return there === null || !(mayImport[here] ?? []).includes(there);
    });
    expect(wrong).toEqual([]);
  });

  it('keeps adapters apart from each other', () => {
    const adapterOf = (file: string): string | undefined => /^src\/adapters\/([^/]+)\//.exec(file)?.[1];
    const wrong = imports.filter(({ from, to }) => {
      const [here, there] = [adapterOf(from), adapterOf(to)];
      return here !== undefined && there !== undefined && here !== there && there !== 'http';
    });
    expect(wrong).toEqual([]);
  });

  it('keeps the SDKs at their edges', () => {
    const wrong = imports.filter(
      ({ from, external }) =>
        external !== null && confined.some(({ packages, allowed }) => packages.test(external) && !allowed.test(from)),
    );
    expect(wrong).toEqual([]);
  });

  it('keeps the pure folders pure', () => {
    const wrong = imports.filter(({ from, external }) => {
      const allowed = pure[folderOf(from) ?? ''];
      return external !== null && allowed !== undefined && !allowed.test(external);
    });
    expect(wrong).toEqual([]);
  });

  it('has no import of the rehearsal from outside it', () => {
    const wrong = imports.filter(
      ({ from, to }) => to.startsWith('src/rehearsal/') && !from.startsWith('src/rehearsal/'),
    );
    expect(wrong).toEqual([]);
  });
});
