import type { Ports } from '@tidings/server/services/parts';

const none = () => Promise.reject(new Error('nobody administers here'));

/** The storms are about logs: there are no operators. */
export const noAdministration: Pick<Ports, 'administration' | 'reports'> = {
  administration: {
    accounts: async () => [],
    people: none,
    act: none,
    audit: none,
    claimFirst: none,
    settings: none,
    openInvites: none,
  },
  reports: { file: none, list: none },
};
