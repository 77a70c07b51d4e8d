import test from 'ava';
import { eventOf } from '../../src/audit/bytes-event.ts';
import type { EventHead, UserInfo } from '../../src/core/event.ts';
import { REAL_EVENTS } from '../sources/mixed-input.ts';

const head = (members: string): EventHead => eventOf(`{${members}}`).head;

interface Written {
  readonly [field: string]: unknown;
  readonly user?: UserInfo;
  readonly impersonatedUser?: UserInfo;
  readonly responseStatus?: { readonly code?: number; readonly message?: string };
  readonly annotations?: Readonly<Record<string, string>>;
}

const PLAIN = ['kind', 'apiVersion', 'level', 'auditID', 'stage', 'requestURI', 'verb', 'userAgent'] as const;

test('reads real events as JSON.parse does, field by field', (t) => {
  for (const text of REAL_EVENTS) {
    const json = JSON.parse(text) as Written;
    const { head } = eventOf(text);
    for (const field of PLAIN) t.is<unknown, unknown>(head[field], json[field]);
    t.deepEqual([head.sourceIPs, head.objectRef], [json.sourceIPs ?? [], json.objectRef]);
    t.deepEqual([head.code, head.message], [json.responseStatus?.code, json.responseStatus?.message]);
    t.is<unknown, unknown>(head.requestReceivedTimestamp, json.requestReceivedTimestamp);
    t.is<unknown, unknown>(head.stageTimestamp, json.stageTimestamp);
    for (const field of ['user', 'impersonatedUser'] as const) {
      const { username, uid, groups, extra } = json[field] ?? {};
      const known = Object.entries({ username, uid, groups, extra }).filter(([, value]) => value !== undefined);
      t.deepEqual(head[field] ?? {}, Object.fromEntries(known));
    }
    for (const [key, value] of Object.entries(json.annotations ?? {})) t.is(head.annotation(key), value);
    t.is(head.annotation('no such'), undefined);
  }
});

test('a field that an event does not carry is undefined', (t) => {
  const none = head('');
  t.deepEqual(
    [none.kind, none.apiVersion, none.verb, none.user, none.objectRef, none.code, none.message, none.annotation('x')],
    Array(8).fill(undefined),
  );
  t.deepEqual(none.sourceIPs, []);
});

test('nobody was authenticated where the user is empty', (t) => {
  for (const user of ['{}', '{ }', 'null', '[]', '"x"']) t.is(head(`"user":${user}`).user, undefined);
  t.deepEqual(head('"user":{"username":""}').user, { username: '' });
  t.deepEqual(head('"user":{"groups":[]}').user, { groups: [] });
});

test('a field of another type than it should be is passed over', (t) => {
  const odd = head('"verb":1,"sourceIPs":"x","objectRef":[1],"responseStatus":[],"annotations":"x","stage":{"a":1}');
  t.deepEqual(
    [odd.verb, odd.objectRef, odd.code, odd.message, odd.annotation('x'), odd.stage],
    Array(6).fill(undefined),
  );
  t.deepEqual(odd.sourceIPs, []);
  t.deepEqual(head('"sourceIPs":["a",1,null,"b"]').sourceIPs, ['a', 'b']);
  t.deepEqual(head('"objectRef":{"resource":"pods","name":1}').objectRef, { resource: 'pods' });
  t.is(head('"responseStatus":{"code":"403"}').code, undefined);
  t.is(head('"responseStatus":{"code":null,"message":5}').message, undefined);
});

test('finds the code wherever it stands in the status, and nowhere else', (t) => {
  const code = (members: string) => head(members).code;
  t.is(code('"responseStatus":{"metadata":{},"code":403}'), 403);
  t.is(code('"responseStatus":{"code":403,"metadata":{}}'), 403);
  t.is(code('"responseStatus":{"metadata":{"code":1},"details":{"code":2},"message":"\\"code\\":3","code":403}'), 403);
  t.is(code('"responseStatus" : { "c\\u006fde" : 403 }'), 403);
  t.is(code('"responseStatus":{"metadata":{}},"code":403'), undefined);
  t.is(code('"responseObject":{"responseStatus":{"code":1}}'), undefined);
  t.is(code('"responseObject":{"code":1},"responseStatus":{"metadata":{},"code":200}'), 200);
});

test('reads the status of long events and of short ones, with bodies before or behind', (t) => {
  const status = '"responseStatus":{"metadata":{},"code":403}';
  for (const length of [0, 1900, 2000, 2048, 2100, 5000]) {
    const body = `"responseObject":{"responseStatus":{"code":1},"x":"${'\\"'.repeat(length / 2)}"}`;
    const annotations = '"annotations":{"a":"b"}';
    for (const members of [
      [status, body, annotations],
      [body, annotations, status],
      [annotations, status, body],
    ]) {
      t.is(head(members.join(',')).code, 403);
      t.is(head(members.join(' , ')).annotation('a'), 'b');
    }
  }
});

test('a question about a damaged event is answered by an EventError', (t) => {
  t.throws(() => head('"verb":"get"').kind === eventOf('{"verb":"get"').head.kind, { name: 'EventError' });
  t.throws(() => eventOf('{"kind":"Event","verb":"\\x"}').head.verb, { name: 'EventError', code: 'not-json' });
  t.throws(() => eventOf('17').head.verb, { name: 'EventError', code: 'not-json' });
});
