import type { KeptPlan } from '../core/kept-plan.ts';
import type { ProvisioningRequest } from '../core/request.ts';
import { type PlanSection, planDocument } from './plan-document.ts';
import { clean, cleanCode, cleanForMarkdown } from './text.ts';

const endless = 1_000_000;

/** The whole plan as a Markdown text for people without Teams. */
export function planMarkdown(request: ProvisioningRequest, { plan, version, at }: KeptPlan): string {
  return [
    `# ${inLine(plan.title)}`,
    '',
    `${request.id}, plan ${version}, put up for a decision at ${at}. Asked for by ${inLine(request.requester.name)}.`,
    ...planDocument(plan).flatMap(sectionLines),
    '',
  ].join('\n');
}

function sectionLines({ heading, lines }: PlanSection): string[] {
  const isCode = lines.every(({ kind }) => kind === 'code');
  const written = isCode
    ? ['```powershell', ...lines.map(({ text }) => cleanCode(text, endless).replaceAll('```', "'`'`'`")), '```']
    : lines.map(({ kind, text }) => (kind === 'strong' ? `\n**${inLine(text)}**\n` : `- ${inLine(text)}`));
  return ['', `## ${heading}`, '', ...written];
}

function inLine(text: string): string {
  return cleanForMarkdown(clean(text, endless), endless);
}
