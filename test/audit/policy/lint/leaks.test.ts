import test from 'ava';
import { idsOf } from './found.ts';

const SECRETS = 'resources: [{ group: "", resources: [secrets] }]';

function leaksOf(rules: string): string[] {
  return idsOf(rules).filter((id) => id.endsWith('-bodies'));
}

const ALL = ['warning secret-bodies', 'warning token-request-bodies', 'warning token-review-bodies'];

test('a catch-all above Metadata takes in secrets and tokens', (t) => {
  t.deepEqual(leaksOf('- level: RequestResponse'), ALL);
  t.deepEqual(leaksOf('- level: Request'), [ALL[0], 'note token-request-bodies', ALL[2]]);
  t.deepEqual(leaksOf('- level: RequestResponse\n  users: [alice]'), ALL);
  t.deepEqual(leaksOf('- level: RequestResponse\n  nonResourceURLs: ["*"]'), ['note url-bodies']);
});

test('so do wildcards', (t) => {
  const rule = (group: string, resource: string) =>
    leaksOf(`- level: RequestResponse\n  resources: [{ group: "${group}", resources: ["${resource}"] }]`);
  t.deepEqual(rule('', '*'), ALL.slice(0, 2));
  t.deepEqual(rule('*', '*'), ALL);
  t.deepEqual(rule('', '*/token'), ALL.slice(1, 2));
  t.deepEqual(rule('', 'serviceaccounts/*'), ALL.slice(1, 2));
  t.deepEqual(rule('', 'serviceaccounts'), []);
  t.deepEqual(rule('', 'secrets/*'), ALL.slice(0, 1));
  t.deepEqual(rule('authentication.k8s.io', '*'), ALL.slice(2));
  t.deepEqual(rule('apps', '*'), []);
});

test('not where rules above take the requests away, alone or together', (t) => {
  const rest = '- level: RequestResponse\n  resources: [{ group: "" }]';
  const token = '- level: Metadata\n  resources: [{ group: "", resources: ["serviceaccounts/token"] }]\n';
  t.deepEqual(leaksOf(`${token}- level: Metadata\n  ${SECRETS}\n${rest}`), []);
  t.deepEqual(leaksOf(`${token}- level: Metadata\n  users: [alice]\n  ${SECRETS}\n${rest}`), ALL.slice(0, 1));
  const halves = ['[get, list, delete, deletecollection]', '[create, update, patch]'];
  t.deepEqual(
    leaksOf(`${token}${halves.map((verbs) => `- level: Metadata\n  verbs: ${verbs}\n  ${SECRETS}\n`).join('')}${rest}`),
    [],
  );
});

test('a rule above for some namespaces or names does not help the others', (t) => {
  const rest = '- level: Request\n  resources: [{ group: "", resources: [secrets] }]';
  t.deepEqual(leaksOf(`- level: Metadata\n  namespaces: [kube-system]\n  ${SECRETS}\n${rest}`), ALL.slice(0, 1));
  t.deepEqual(
    leaksOf(`- level: Metadata\n  resources: [{ group: "", resources: [secrets], resourceNames: [a] }]\n${rest}`),
    ALL.slice(0, 1),
  );
});

test('only with verbs that bring the contents to the log', (t) => {
  const rule = (level: string, verb: string) =>
    leaksOf(`- level: ${level}\n  verbs: [${verb}]\n  ${SECRETS}`).length > 0;
  t.deepEqual(
    ['get', 'list', 'watch', 'delete', 'create', 'update', 'patch'].filter((verb) => rule('Request', verb)),
    ['create', 'update', 'patch'],
  );
  t.deepEqual(
    ['get', 'list', 'create', 'watch'].filter((verb) => rule('RequestResponse', verb)),
    ['get', 'list', 'create'],
  );
});

test('tokenreviews have no namespace and no name', (t) => {
  const rule = (more: string) => leaksOf(`- level: Request\n  ${more}`);
  const reviews = '{ group: authentication.k8s.io, resources: [tokenreviews]';
  t.deepEqual(rule(`resources: [${reviews} }]`), ALL.slice(2));
  t.deepEqual(rule(`namespaces: [kube-system]\n  resources: [${reviews} }]`), []);
  t.deepEqual(rule(`resources: [${reviews}, resourceNames: [a] }]`), []);
});

test('a deletecollection of secrets with certain names does not exist', (t) => {
  const rule = (names: string) =>
    leaksOf(`- level: RequestResponse\n  verbs: [deletecollection]\n  resources: [{ resources: [secrets]${names} }]`);
  t.deepEqual(rule(''), ALL.slice(0, 1));
  t.deepEqual(rule(', resourceNames: [a]'), []);
});
