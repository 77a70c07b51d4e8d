import test from 'ava';
import { eventOf } from '../../../../src/audit/bytes-event.ts';
import { UNRESTORED } from '../../../../src/audit/policy/trim/unrestored.ts';
import { trim } from '../../../../src/audit/policy/trim.ts';
import { decision } from '../recorded.ts';

interface Request {
  readonly level?: string;
  readonly stage?: string;
  readonly verb?: string;
  readonly subresource?: string;
  readonly code?: number;
  readonly resource?: boolean;
  readonly rest?: string;
}

/** What an event lacks of a level, as its label says. */
function lacks(wanted: string, request: Request): string | undefined {
  const {
    level = 'Metadata',
    stage = 'ResponseComplete',
    verb = 'create',
    subresource,
    code = 200,
    rest = '',
  } = request;
  const ref = request.resource === false ? '' : `,"objectRef":${JSON.stringify({ resource: 'pods', subresource })}`;
  const text = `{"level":"${level}","stage":"${stage}","verb":"${verb}"${ref},"responseStatus":{"code":${code}}${rest}}`;
  const event = eventOf(text);
  const trimmed = trim(event, decision(wanted));
  if (trimmed?.labels[UNRESTORED] === undefined && trimmed?.head.level === level && trimmed !== event) {
    throw new Error('an unchanged event came back as another object');
  }
  return trimmed?.labels[UNRESTORED];
}

const both = 'requestObject,responseObject';

test('names the bodies that the recorded level does not have and the decided one has', (t) => {
  t.is(lacks('RequestResponse', {}), both);
  t.is(lacks('Request', {}), 'requestObject');
  t.is(lacks('Metadata', {}), undefined);
  t.is(lacks('RequestResponse', { level: 'Request' }), 'responseObject');
  t.is(lacks('Request', { level: 'Request' }), undefined);
  t.is(lacks('RequestResponse', { level: 'RequestResponse' }), undefined);
  t.is(lacks('Request', { level: 'RequestResponse' }), undefined);
});

test('does not name a body that such a request never has', (t) => {
  const response = 'responseObject';
  t.is(lacks('RequestResponse', { stage: 'RequestReceived' }), undefined);
  for (const verb of ['get', 'list']) t.is(lacks('RequestResponse', { verb }), response);
  for (const verb of ['update', 'patch', 'delete', 'deletecollection']) t.is(lacks('RequestResponse', { verb }), both);
  t.is(lacks('RequestResponse', { verb: 'post', resource: false }), response);
  t.is(lacks('RequestResponse', { verb: 'create', resource: false }), response);
  t.is(lacks('RequestResponse', { verb: 'watch' }), undefined);
  t.is(lacks('RequestResponse', { verb: 'watch', code: 403 }), response);
  for (const subresource of ['exec', 'log', 'attach', 'portforward', 'proxy']) {
    t.is(lacks('RequestResponse', { verb: 'get', subresource }), undefined);
    t.is(lacks('RequestResponse', { verb: 'create', subresource }), undefined);
    t.is(lacks('RequestResponse', { verb: 'create', subresource, code: 404 }), response);
  }
  t.is(lacks('RequestResponse', { subresource: 'binding' }), both);
});

test('names the bodies of an event that was truncated', (t) => {
  const truncated = ',"annotations":{"audit.k8s.io/truncated":"true"}';
  const level = 'RequestResponse';
  t.is(lacks('RequestResponse', { level, rest: truncated }), both);
  t.is(lacks('Request', { level, rest: truncated }), 'requestObject');
  t.is(lacks('Metadata', { level, rest: truncated }), undefined);
  t.is(lacks('RequestResponse', { level, rest: `,"responseObject":{}${truncated}` }), undefined);
  t.is(lacks('RequestResponse', { level, rest: ',"annotations":{"a":"b"}' }), undefined);
});

test('says it of an event that was trimmed before', (t) => {
  const event = eventOf(
    '{"level":"RequestResponse","stage":"Panic","verb":"update","objectRef":{},"requestObject":1,"responseObject":2}',
  );
  const once = trim(event, decision('Metadata'));
  t.deepEqual(once?.labels, {});
  t.deepEqual(trim(once ?? event, decision('RequestResponse'))?.labels, { [UNRESTORED]: both });
});
