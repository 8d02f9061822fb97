// Takes the data folder that its argument names, and keeps it until it is killed.
import { openDataFolder } from '../profiles/data-folder.ts';

const folder = openDataFolder(process.argv[2] as string);
console.log('taken');
process.on('exit', () => folder.close());
setInterval(() => {}, 60_000);
