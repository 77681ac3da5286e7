import type { Plan } from '../core/plan.ts';
import { type PlanLine, planDocument } from './plan-document.ts';
import { clean, cleanCode } from './text.ts';

/** One row of a page. */
export interface PageRow {
  readonly kind: PlanLine['kind'] | 'heading';
  readonly text: string;
}

// Texts of a page in UTF-8 bytes, and what the card writes around each row; both leave room below the limit of Teams.
const pageBytes = 20 * 1024;
const rowBytes = 190;
/** Longer lines are broken, so that no line is larger than a page. */
const longestLine = 1500;

/** The whole text of a plan as pages of rows: the same plan always gives the same pages. */
export function pagesOf(plan: Plan): Pages {
  const known = made.get(plan);
  if (known) return known;
  const pages = paged(plan);
  made.set(plan, pages);
  return pages;
}

type Pages = readonly (readonly PageRow[])[];

/** So that posting all pages does not make the text anew for each of them. */
const made = new WeakMap<Plan, Pages>();

function paged(plan: Plan): Pages {
  const pages: PageRow[][] = [[]];
  let size = 0;
  let heading = '';
  for (const row of rowsOf(plan)) {
    if (row.kind === 'heading') heading = row.text;
    const bytes = rowBytes + Buffer.byteLength(JSON.stringify(row.text));
    if (size + bytes > pageBytes && size > 0) {
      const again: PageRow = { kind: 'heading', text: `${heading} (goes on)` };
      pages.push(row.kind === 'heading' ? [] : [again]);
      size = row.kind === 'heading' ? 0 : rowBytes + again.text.length;
    }
    pages.at(-1)?.push(row);
    size += bytes;
  }
  return pages;
}

/** How many pages the whole text of a plan has. */
export function pageCount(plan: Plan): number {
  return pagesOf(plan).length;
}

function rowsOf(plan: Plan): PageRow[] {
  return planDocument(plan).flatMap(({ heading, lines }) => [
    { kind: 'heading' as const, text: heading },
    ...lines.flatMap(({ kind, text }) =>
      broken(kind === 'code' ? cleanCode(text, endless) : clean(text, endless)).map((part) => ({ kind, text: part })),
    ),
  ]);
}

const endless = 1_000_000;

function broken(text: string): string[] {
  const parts = text.match(new RegExp(`.{1,${longestLine}}`, 'gsu')) ?? [''];
  return parts.map((part, at) => (at === 0 ? part : `… ${part}`));
}
