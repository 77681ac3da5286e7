/** The command line was called in a way it does not know. */
export class WrongCallError extends Error {}

export function wrongCall(): WrongCallError {
  return new WrongCallError('That is not a command of switchyard.');
}
