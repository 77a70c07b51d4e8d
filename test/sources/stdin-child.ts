import { writeSync } from 'node:fs';
import stdin from '../../src/sources/stdin.ts';
import { testContext } from '../contracts/transform.ts';

// Reads the real standard input with a pause before each batch, and prints the records. Stops after so many batches.
const stopAfter = Number(process.argv[2] ?? Number.POSITIVE_INFINITY);
const stop = new AbortController();
const source = stdin.create({}, testContext());
let texts: string[] | undefined;
try {
  await source.open?.();
  const { total } = source.progress?.() ?? {};
  texts = [];
  for await (const { events, ack } of source.batches(stop.signal)) {
    await new Promise(setImmediate);
    texts.push(...events.map(({ raw }) => raw.toString()));
    ack();
    if (texts.length >= stopAfter) stop.abort();
  }
  print(JSON.stringify({ texts, total, bytes: source.progress?.().bytes }));
} catch (error) {
  print(JSON.stringify({ texts, error: (error as Error).message }));
}
await source.close?.();

function print(text: string): void {
  for (let rest = Buffer.from(text); rest.length > 0; ) rest = rest.subarray(writeSync(1, rest));
}
