import { writeSync } from 'node:fs';
import sink from '../../src/sinks/file.ts';
import { eventsFrom } from '../contracts/sink.ts';
import { testContext } from '../contracts/transform.ts';

// Writes batches of 10 events to a file, twice what fails, and says on stdout what became of each.
const { batches, ...options } = JSON.parse(process.argv[2] ?? '{}') as { batches: number; path: string };
process.on('SIGXFSZ', () => undefined);
const file = sink.create(sink.config.parse(options), testContext());
const never = new AbortController().signal;
for (let batch = 0; batch < batches; batch++) {
  const write = () => file.write(eventsFrom(batch * 10 + 1, 10, { padding: 200 }), never);
  await write()
    .catch(write)
    .then(
      () => writeSync(1, 'written\n'),
      (error: Error) => writeSync(1, `${error.message}\n`),
    );
}
await file.close?.();
