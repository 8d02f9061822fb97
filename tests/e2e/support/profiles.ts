/** Files whose tests say nothing new on the cluster profile, and why. All others run there as they are. */
export const notOnCluster: Readonly<Record<string, string>> = {
  'scrolling.test.ts': 'it opens a page of its own that talks to no server',
};

/** Files whose tests only a cluster can pass, and why. */
export const onlyOnCluster: Readonly<Record<string, string>> = {
  'cluster.test.ts': 'it ends some of the processes while others go on',
};
