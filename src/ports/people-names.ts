/** What people of the home tenant are called. Only for reading: nobody is recognised by a name. */
export interface PeopleNames {
  /**
   * Names by object id in lower case, as far as they are known. Asks nobody outside and never throws: whoever is missing
   * is shown by their id.
   */
  of(objectIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Remembers a name, or that it is another one now. Returns at once; a name that is not kept is heard again. */
  learn(objectId: string, name: string): void;
}
