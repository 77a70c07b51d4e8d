import { deflateRawSync } from 'node:zlib';
import test from 'ava';
import { Inflater } from '../../../../src/sources/input/gzip/inflater.ts';
import { REAL_EVENTS } from '../../mixed-input.ts';

const text = REAL_EVENTS.join('\n');
const packed = deflateRawSync(text);
const taken = (inflater: Inflater) => Buffer.concat(inflater.take()).toString();

test('has unpacked what a piece holds when its write resolves', async (t) => {
  const inflater = new Inflater();
  let found = '';
  for (let at = 0; at < packed.length; at += 1000) {
    t.is(await inflater.write(packed.subarray(at, at + 1000)), undefined);
    const part = taken(inflater);
    t.true(part.length > 0);
    found += part;
  }
  t.true(found === text);
  t.is(taken(inflater), '');
  inflater.close();
});

test('says where the packed data ends, as soon as something follows it', async (t) => {
  for (const split of [0, 1, packed.length - 1, packed.length]) {
    const inflater = new Inflater();
    await inflater.write(packed.subarray(0, split));
    t.false(inflater.ended);
    t.is(await inflater.write(Buffer.concat([packed.subarray(split), Buffer.from('behind')])), undefined);
    t.true(inflater.ended);
    t.is(inflater.used, packed.length);
    t.true(taken(inflater) === text);
    inflater.close();
  }
});

test('hands over what zlib objects to, and what came before', async (t) => {
  const inflater = new Inflater();
  await inflater.write(packed.subarray(0, 100));
  t.is((await inflater.write(Buffer.alloc(50_000, 0xff)))?.message.startsWith('invalid '), true);
  t.true(text.startsWith(taken(inflater)));
});

test('a write that is given up resolves', async (t) => {
  const inflater = new Inflater();
  const pending = inflater.write(packed);
  inflater.close();
  t.is(await pending, undefined);
});
