/** Whether a client's word for its time zone is one we can reckon with. */
export function isTimeZone(name: string): boolean {
  return accepts(() => new Intl.DateTimeFormat('en', { timeZone: name }));
}

/** Whether a client's word for its language is one we can write dates in. */
export function isLocale(name: string): boolean {
  return accepts(() => new Intl.DateTimeFormat(name));
}

function accepts(make: () => unknown): boolean {
  try {
    make();
    return true;
  } catch {
    return false;
  }
}
