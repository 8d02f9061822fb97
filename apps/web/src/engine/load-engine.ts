/** The engine and the line to the server are a file of their own: what this device holds shows without them. */
export const loadEngine = () => import('./connect');
