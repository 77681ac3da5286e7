import type { DirectoryPerson, GroupDirectory } from '../ports/group-directory.ts';
import type { PeopleNames } from '../ports/people-names.ts';

/** The directory, which tells in passing what people are called. */
export function learningDirectory(directory: GroupDirectory, names: Pick<PeopleNames, 'learn'>): GroupDirectory {
  const learn = ({ objectId, name }: DirectoryPerson): void => names.learn(objectId, name);
  return {
    membersOf: async (groupId, signal) => {
      const members = await directory.membersOf(groupId, signal);
      members.forEach(learn);
      return members;
    },
    person: async (objectId, signal) => {
      const person = await directory.person(objectId, signal);
      if (person) learn(person);
      return person;
    },
  };
}
