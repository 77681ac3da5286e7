import { readFileSync, mkdirSync, existsSync } from 'node:fs';
import { Template } from 'adaptivecards-templating';
import { chromium } from 'playwright-core';
import spart from '@sparticuz/chromium';
import { views } from './src/views/index.ts';
import { requestCard } from './src/views/request-card.ts';
import { sampleRequest, sampleProof } from './src/views/samples.ts';
mkdirSync('/tmp/shots/cards', { recursive: true });
const only = process.argv[2];
const now = new Date('2026-11-21T14:05:00Z');
const expand = (c) => new Template(JSON.parse(readFileSync(`cards/${c.template}.json`, 'utf8'))).expand({ $root: c.model });
const list = Object.fromEntries([...views.map((v) => [v.template, v.samples.full]),
 ['done-proven', requestCard({ ...sampleRequest, state: 'done', proof: { ...sampleProof, status: 'proven', agreeing: 2, attempts: 4 }, decisions: sampleRequest.decisions.map((d) => ({ ...d, voided: false })), steps: sampleRequest.steps.map((s) => ({ ...s, status: 'done' })), outcome: { code: 'proven', message: 'contoso.com is locked down to ExchangeDefender.', next: 'Nothing. Ask “unlock contoso.com” to open it again.', left: [] } }, now)]]);
const font = 'Segoe UI, Noto Sans, DejaVu Sans, sans-serif';
const cfg = (dark) => { const fg = dark ? '#FFFFFF' : '#242424', sub = dark ? '#ADADAD' : '#616161';
 const col = (d, s = d) => ({ default: d, subtle: s });
 const fgc = { default: col(fg, sub), dark: col('#242424'), light: col('#fff'), accent: col(dark ? '#9299F7' : '#5B5FC7'), good: col(dark ? '#54B054' : '#0E700E'), warning: col(dark ? '#F2C661' : '#835C00'), attention: col(dark ? '#E37D80' : '#B10E1C') };
 const st = (bg) => ({ backgroundColor: bg, foregroundColors: fgc });
 return { fontFamily: font, supportsInteractivity: true, spacing: { small: 8, default: 12, medium: 16, large: 20, extraLarge: 24, padding: 16 }, separator: { lineThickness: 1, lineColor: dark ? '#3d3d3d' : '#E0E0E0' },
 fontTypes: { default: { fontFamily: font, fontSizes: { small: 12, default: 14, medium: 16, large: 18, extraLarge: 24 }, fontWeights: { lighter: 200, default: 400, bolder: 600 } }, monospace: { fontFamily: 'Consolas, DejaVu Sans Mono, monospace', fontSizes: { small: 12, default: 14, medium: 16, large: 18, extraLarge: 24 }, fontWeights: { lighter: 200, default: 400, bolder: 600 } } },
 containerStyles: { default: st(dark ? '#292929' : '#FFFFFF'), emphasis: st(dark ? '#1F1F1F' : '#F5F5F5'), accent: st(dark ? '#2F2F4A' : '#E8EBFA'), good: st(dark ? '#0B2E0B' : '#E7F2DA'), attention: st(dark ? '#3B1519' : '#FCF4F6'), warning: st(dark ? '#3A2F0A' : '#FBF6D9') },
 actions: { maxActions: 6, spacing: 'default', buttonSpacing: 8, showCard: { actionMode: 'inline', inlineTopMargin: 16, style: 'emphasis' }, actionsOrientation: 'horizontal', actionAlignment: 'left' }, inputs: { label: { inputSpacing: 4, requiredInputs: { weight: 'bolder', suffix: ' *', suffixColor: 'attention' }, optionalInputs: { weight: 'bolder' } } }, table: { cellSpacing: 8 } }; };
const html = (dark) => `<!doctype html><meta charset=utf8><style>*{box-sizing:border-box}body{margin:0;padding:16px;background:${dark ? '#1f1f1f' : '#f0f0f0'};font-family:${font}}#c{border-radius:8px;overflow:hidden;box-shadow:0 1px 4px #0004}.ac-pushButton{padding:6px 14px;border-radius:4px;border:1px solid #bbb;background:${dark ? '#292929' : '#fff'};color:${dark ? '#fff' : '#242424'};font-weight:600;font-family:inherit;font-size:14px}.ac-pushButton.style-positive{background:#5B5FC7;color:#fff;border-color:#5B5FC7}.ac-pushButton.style-destructive{color:#B10E1C}.ac-input{width:100%;padding:6px;font:inherit;border:1px solid #bbb;border-radius:4px}</style><div id=c></div>`;
spart.setGraphicsMode = false;
const browser = await chromium.launch({ executablePath: await spart.executablePath(), args: spart.args, headless: true });
const page = await browser.newPage();
if (only === 'sheet') { for (const dark of [false, true]) for (const w of [400, 720]) for (const [part, names] of [['a', ['ask-back','error','form','notice','planning','progress']], ['b', ['outcome','done-proven','help','status','pending','gateways']]]) {
 await page.setViewportSize({ width: w === 400 ? 1200 : 1440, height: 600 }); await page.setContent(html(dark).replace('<div id=c></div>', `<style>#all{columns:${w === 400 ? 3 : 2}}#all>div{break-inside:avoid;margin-bottom:16px;border-radius:8px;overflow:hidden}</style><div id=all></div>`)); await page.addScriptTag({ path: 'node_modules/adaptivecards/dist/adaptivecards.min.js' });
 await page.evaluate(([cards, cfg]) => { for (const json of cards) { const c = new AdaptiveCards.AdaptiveCard(); c.hostConfig = new AdaptiveCards.HostConfig(cfg); c.parse(json); const d = document.createElement('div'); d.append(c.render()); document.getElementById('all').append(d); } }, [names.map((n) => expand(list[n])), cfg(dark)]);
 await page.screenshot({ path: `/tmp/shots/cards/sheet-${part}-${dark ? 'dark' : 'light'}-${w}.png`, fullPage: true }); } await browser.close(); process.exit(0); }
for (const dark of [false, true]) for (const width of [720, 400]) {
 await page.setViewportSize({ width, height: 600 });
 for (const [name, card] of Object.entries(list)) { if (only && !only.split(',').includes(name)) continue;
  await page.setContent(html(dark)); await page.addScriptTag({ path: 'node_modules/adaptivecards/dist/adaptivecards.min.js' });
  await page.evaluate(([json, cfg, show]) => { const c = new AdaptiveCards.AdaptiveCard(); c.hostConfig = new AdaptiveCards.HostConfig(cfg); c.parse(json); document.getElementById('c').append(c.render()); if (show) [...document.querySelectorAll('button')].find((b) => b.textContent.includes('PowerShell'))?.click(); }, [expand(card), cfg(dark), true]);
  await page.screenshot({ path: `/tmp/shots/cards/${name}-${dark ? 'dark' : 'light'}-${width}.png`, fullPage: true });
 } }
await browser.close();
