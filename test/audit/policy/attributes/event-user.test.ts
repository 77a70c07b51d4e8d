import test from 'ava';
import fc from 'fast-check';
import { userAt } from '../../../../src/audit/policy/attributes/event-user.ts';
import { holds } from '../../../support/property.ts';

function read(json: string): ReturnType<typeof userAt> {
  const bytes = Buffer.from(` ${json}`);
  return userAt(bytes, 1, bytes.length);
}

test('has a name and groups, without what policies do not look at', (t) => {
  t.deepEqual(read('{"username":"a","uid":"1","groups":["b","c"],"extra":{"d":["e"]}}'), {
    username: 'a',
    groups: ['b', 'c'],
  });
  t.deepEqual(read('{"groups":["b"]}'), { username: '', groups: ['b'] });
  t.deepEqual(read('{"groups":null,"username":null}'), { username: '', groups: [] });
});

test('is nobody where there is nothing', (t) => {
  for (const json of ['{}', 'null', '[]', '"a"']) t.is(read(json), null);
});

test('one that was met is the same object again, whatever follows its groups', (t) => {
  const first = read('{"username":"known","groups":["x"],"extra":{"a":["1"]}}');
  t.is(read('{"username":"known","groups":["x"],"extra":{"a":["2"]}}'), first);
  t.is(read('{"username":"known","groups":["x"]}'), first);
  t.deepEqual(read('{"username":"known","groups":["x","y"]}'), { username: 'known', groups: ['x', 'y'] });
  t.deepEqual(read('{"username":"known","uid":"1","groups":["x"]}'), { username: 'known', groups: ['x'] });
});

test('is not kept where the bytes end inside it', (t) => {
  const json = '{"username":"torn","groups":["x"]}';
  read(json);
  const bytes = Buffer.from(` ${json}`);
  t.deepEqual(userAt(bytes, 1, bytes.indexOf('"x"')), { username: 'torn', groups: [] });
});

test('what is returned does not change when the bytes are used again', (t) => {
  const bytes = Buffer.from(' {"username":"reused","groups":["x"]}');
  const user = userAt(bytes, 1, bytes.length);
  bytes.fill(0xff);
  t.deepEqual(user, { username: 'reused', groups: ['x'] });
  t.is(read('{"username":"reused","groups":["x"]}'), user);
});

test('many users, met again and again, are not confused', async (t) => {
  const name = fc.oneof(
    fc.string({ unit: fc.constantFrom('a', 'b', '"', 'é'), maxLength: 4 }),
    fc.constant('x'.repeat(2000)),
  );
  const user = fc.record({ username: name, uid: name, groups: fc.array(name, { maxLength: 3 }) }, { requiredKeys: [] });
  await holds(
    t,
    fc.property(fc.array(user, { maxLength: 50 }), (users) => {
      for (const one of users) {
        const { username = '', groups = [] } = one;
        t.deepEqual(read(JSON.stringify(one)), Object.keys(one).length === 0 ? null : { username, groups });
      }
    }),
  );
});
