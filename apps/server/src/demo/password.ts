/** Everybody of the demonstration has this password: it is for trying, on this machine. */
export const demoPassword = 'demo-tidings';
