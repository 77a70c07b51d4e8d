import { Writable } from 'node:stream';

/** A pair of streams that keep what is written to them. */
export function outputs() {
  const written = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr') =>
    new Writable({
      decodeStrings: false,
      write: (chunk: string, _, done) => {
        written[name] += chunk;
        done();
      },
    });
  return { written, stdout: stream('stdout'), stderr: stream('stderr') };
}
