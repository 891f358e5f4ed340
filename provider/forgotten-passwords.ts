/**
 * The passwords with which this run forgets accounts. The engine forgets a generator after the
 * accounts behind it, and by then only the generator can know that a rotation was interrupted.
 */
const subjects = new Map<string, string>();

export const forgottenPasswords = {
  /** @param subject How texts name the account. */
  note(password: string, subject: string): void {
    subjects.set(password, subject);
  },

  /** The account that is forgotten with one of these. */
  accountWith(passwords: readonly string[]): string | undefined {
    return passwords.map((password) => subjects.get(password)).find((subject) => subject);
  },
};
