// Writes what readers without zod go by: packages/api/schemas/analytics-event.v1.json. Run it after a change of the events.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyticsJsonSchema } from '@tidings/api/analytics-event';

const file = join(import.meta.dirname, '../packages/api/schemas/analytics-event.v1.json');
writeFileSync(file, `${JSON.stringify(analyticsJsonSchema(), null, 2)}\n`);
