type Reasons = Readonly<Record<string, string>>;

/** Files whose tests only a cluster can pass, and why. */
export const filesForClusterOnly: Reasons = {
  'cluster.test.ts': 'it ends some of the processes while others go on',
};

/** What says nothing new on the cluster profile, and why. Everything else runs on both. */
export const filesForOneProcessOnly: Reasons = {
  'accessibility.test.ts': 'it looks at screens, which are the same files',
  'scrolling.test.ts': 'it opens a page of its own that talks to no server',
  'start.test.ts': 'it weighs the scripts of a page, which are the same files',
};

/** Likewise, by title. */
export const testsForOneProcessOnly: Reasons = {
  'it speaks the language of the browser': 'it looks at one screen',
};

/** For a configuration's `testIgnore`. */
export const ignored = (files: Reasons): string[] => Object.keys(files).map((file) => `**/${file}`);

/** For a configuration's `grepInvert`. */
export const titled = (tests: Reasons): RegExp => new RegExp(`(${Object.keys(tests).join('|')})$`);
