/** What a script may rely on; `fairway --help` documents it. */
export const exitCode = {
  ok: 0,
  /** The command worked and found something: a spec with errors, a preview with changes. */
  problemsFound: 1,
  badUsage: 2,
  /** The machine lacks something: a tool, a free port, a writable folder. */
  environmentNotFit: 3,
  /** A defect of Fairway itself. */
  internalError: 70,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
