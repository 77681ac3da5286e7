import { invalid } from '../exchange-error.ts';
import { type ExchangeObject, listOf } from '../exchange-object.ts';

/** What rules can look up about people inside. */
export const DIRECTORY_ATTRIBUTES = [
  'City',
  'Company',
  'Country',
  'Department',
  'DisplayName',
  'Email',
  'FaxNumber',
  'FirstName',
  'HomePhoneNumber',
  'Initials',
  'LastName',
  'Manager',
  'MobileNumber',
  'Notes',
  'Office',
  'OtherFaxNumber',
  'OtherHomePhoneNumber',
  'OtherPhoneNumber',
  'PagerNumber',
  'PhoneNumber',
  'POBox',
  'State',
  'Street',
  'Title',
  'UserLogonName',
  'ZipCode',
  ...Array.from({ length: 15 }, (_, index) => `CustomAttribute${index + 1}`),
];

const NAMES = ['Sender', 'Recipient'].flatMap((who) =>
  ['ContainsWords', 'MatchesPatterns'].flatMap((how) => [`${who}ADAttribute${how}`, `ExceptIf${who}ADAttribute${how}`]),
);

/** What the rule asks of attributes, each `City:Copenhagen,Aarhus` with the attribute as the directory spells it. */
export function attributeTests(rule: ExchangeObject): ExchangeObject {
  const used = NAMES.filter((name) => listOf(rule, name).length > 0);
  return Object.fromEntries(used.map((name) => [name, listOf(rule, name).map((entry) => spelled(name, entry))]));
}

function spelled(parameter: string, entry: string): string {
  const [, name = '', texts = ''] = /^([^:]*):(.*)$/su.exec(entry) ?? [];
  const attribute = DIRECTORY_ATTRIBUTES.find((known) => known.toLowerCase() === name.trim().toLowerCase());
  if (attribute === undefined || texts.split(',').some((text) => text.trim() === '')) {
    throw invalid(
      `"${entry}" of ${parameter} is not an attribute, a colon and what it holds, such as City:Copenhagen.`,
    );
  }
  return `${attribute}:${texts}`;
}
