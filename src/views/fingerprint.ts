/** The first twelve digits of a digest, in groups that can be read out. */
export function grouped(digest: string): string {
  return (
    digest
      .slice(0, 12)
      .match(/.{1,4}/g)
      ?.join(' ') ?? ''
  );
}
