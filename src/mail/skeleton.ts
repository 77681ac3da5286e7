import { toUnicode } from 'tr46';

/** Characters that are easily taken for Latin letters, after lower-casing and removal of accents. */
const twins: Readonly<Record<string, string>> = {
  ...pairs('o', '0оοօσ๐०ס'),
  ...pairs('l', '1i|!ıιіɩӏǀłļ'),
  ...pairs('a', 'аαɑ@'),
  ...pairs('b', 'ьβвъ6'),
  ...pairs('c', 'сϲ¢'),
  ...pairs('d', 'ԁđ'),
  ...pairs('e', 'еєεє3'),
  ...pairs('f', 'ſƒ'),
  ...pairs('g', 'ɡց9'),
  ...pairs('h', 'һнћħհ'),
  ...pairs('j', 'јϳ'),
  ...pairs('k', 'кκ'),
  ...pairs('m', 'м'),
  ...pairs('n', 'пηո'),
  ...pairs('p', 'рρ'),
  ...pairs('q', 'ԛգ'),
  ...pairs('r', 'гɼ'),
  ...pairs('s', 'ѕ5$'),
  ...pairs('t', 'тτŧ7'),
  ...pairs('u', 'υμսц'),
  ...pairs('v', 'νѵ'),
  ...pairs('w', 'ԝωшա'),
  ...pairs('x', 'хχ×'),
  ...pairs('y', 'уγү'),
  ...pairs('z', 'ʐƶ2'),
  ø: 'o',
  æ: 'ae',
  œ: 'oe',
  ß: 'ss',
};

/** Pairs of letters that read as one letter in many typefaces. Applied after {@link twins}. */
const ligatures: readonly (readonly [string, string])[] = [
  ['rn', 'm'],
  ['nn', 'm'],
  ['vv', 'w'],
  ['cl', 'd'],
];

function pairs(letter: string, lookAlike: string): Record<string, string> {
  return Object.fromEntries(Array.from(lookAlike, (character) => [character, letter]));
}

/**
 * What a name looks like at a glance: two names with the same skeleton are easily mistaken for each other.
 * The idea is the skeleton of UTS #39 §4 with a short table of our own, because domain names need far fewer
 * characters. A-labels (`xn--…`) are decoded first. The result is for comparing only; it is not a domain name.
 */
export function skeleton(name: string): string {
  const short = name.slice(0, 512);
  const shown = /xn--/iu.test(short) ? toUnicode(short).domain : short;
  const plain = shown
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\p{M}\p{C}\p{Z}]/gu, '');
  const latin = Array.from(plain, (character) => twins[character] ?? character).join('');
  return ligatures.reduce((text, [seen, read]) => text.replaceAll(seen, read), latin);
}
