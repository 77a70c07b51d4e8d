import { closeSync, openSync, readSync, writeSync } from 'node:fs';

/**
 * The loop that anyone would write, which the program is measured against: read in chunks of 1 MiB, cut at newlines,
 * JSON.parse of every line, write the lines that were refused. It checks nothing and survives nothing.
 *
 *     node bench/loop.ts INPUT OUTPUT [all]      all: write every line
 */
const [input = '/dev/stdin', output = '/dev/null', all] = process.argv.slice(2);
const NEWLINE = 10;
const chunkBytes = 1 << 20;
const source = openSync(input, 'r');
const sink = openSync(output, 'w');
let buffer = Buffer.allocUnsafe(2 * chunkBytes);
let filled = 0;

for (;;) {
  if (buffer.length - filled < chunkBytes) buffer = Buffer.concat([buffer, Buffer.allocUnsafe(buffer.length)]);
  const count = readSync(source, buffer, filled, chunkBytes, null);
  if (count === 0) break;
  filled += count;
  let start = 0;
  let refused = '';
  for (let end = buffer.indexOf(NEWLINE); end >= 0 && end < filled; end = buffer.indexOf(NEWLINE, start)) {
    const line = buffer.toString('utf8', start, end);
    if (JSON.parse(line).responseStatus?.code > 400 || all) refused += `${line}\n`;
    start = end + 1;
  }
  buffer.copy(buffer, 0, start, filled);
  filled -= start;
  if (refused !== '') writeSync(sink, refused);
}
closeSync(source);
closeSync(sink);
