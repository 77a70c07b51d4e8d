import test from 'ava';
import { validationProblem } from '../../../../src/audit/policy/load/validate.ts';
import type { PolicyRule } from '../../../../src/audit/policy/policy.ts';

function problem(...rules: readonly PolicyRule[]): string | undefined {
  return validationProblem({ rules });
}

const STAGES = 'allowed stages are RequestReceived,ResponseStarted,ResponseComplete,Panic';
const SUBDOMAIN =
  /^rules\[0\]\.resources\.group: Invalid value: "(.*)": a lowercase RFC 1123 subdomain must consist of /;

test('a policy without rules is for the loader to refuse', (t) => {
  t.is(validationProblem({}), undefined);
  t.is(validationProblem({ rules: null, omitStages: null }), undefined);
});

test('a level is one of four, in this spelling', (t) => {
  for (const level of ['None', 'Metadata', 'Request', 'RequestResponse']) t.is(problem({ level }), undefined);
  t.is(problem({}), 'rules[0].level: Required value');
  t.is(problem({ level: '' }), 'rules[0].level: Required value');
  const supported = 'supported values: "None", "Metadata", "Request", "RequestResponse"';
  t.is(problem({ level: 'none' }), `rules[0].level: Unsupported value: "none": ${supported}`);
  t.is(
    problem({ level: '<a>&"\n' }),
    `rules[0].level: Unsupported value: "\\u003ca\\u003e\\u0026\\"\\n": ${supported}`,
  );
});

test('several problems are a list, each once, in the order of the rules', (t) => {
  const policy = {
    omitStages: ['Panic', 'panic'],
    rules: [{ omitStages: ['x'] }, { level: 'None', omitStages: ['y'] }],
  };
  t.is(
    validationProblem(policy),
    `[omitStages[1]: Invalid value: "panic": ${STAGES}, rules[0].level: Required value, ` +
      `rules[0].omitStages[0]: Invalid value: "x": ${STAGES}, rules[1].omitStages[0]: Invalid value: "y": ${STAGES}]`,
  );
  const twice = problem({ level: 'None', resources: [{ group: 'A' }, { group: 'A' }] });
  t.regex(twice ?? '', SUBDOMAIN);
});

test('a URL begins with a slash, and its only asterisk is its end', (t) => {
  const urls = (...nonResourceURLs: readonly string[]) => problem({ level: 'None', nonResourceURLs });
  t.is(urls('*', '/', '/*', '/a*', '//*', '/%2a'), undefined);
  const path = 'rules[0].nonResourceURLs[0]: Invalid value:';
  t.is(urls('a'), `${path} "a": non-resource URL rules must begin with a '/' character`);
  t.is(urls(''), `${path} "": non-resource URL rules must begin with a '/' character`);
  t.is(urls('/*a'), `${path} "/*a": non-resource URL wildcards '*' must be the final character of the rule`);
  t.regex(urls('**') ?? '', /^\[.*must begin.*, .*must be the final character of the rule\]$/);
});

test('URLs stand alone: neither resources nor namespaces beside them', (t) => {
  const both =
    'rules[0].nonResourceURLs: Invalid value: ["/a\\u003c"]: rules cannot apply to both regular resources and non-resource URLs';
  t.is(problem({ level: 'None', nonResourceURLs: ['/a<'], namespaces: [''] }), both);
  t.is(problem({ level: 'None', nonResourceURLs: ['/a<'], resources: [{}] }), both);
  t.is(problem({ level: 'None', nonResourceURLs: ['/a'], namespaces: [], resources: null }), undefined);
});

test('a group is a lower-case name with dots, "" or "*"', (t) => {
  const group = (name: string) => problem({ level: 'None', resources: [{ group: name, resources: ['x'] }] });
  for (const name of ['', '*', 'apps', 'a-b.c1', '1', 'a'.repeat(253)]) t.is(group(name), undefined);
  for (const name of ['Apps', 'apps/v1', '-a', 'a-', 'a..b', '.a', 'a.', '*.a', ' ', 'a_b', 'é']) {
    t.is(SUBDOMAIN.exec(group(name) ?? '')?.[1], name);
  }
  const tooLong = 'must be no more than 253 characters';
  t.true(group('a'.repeat(254))?.endsWith(`a": ${tooLong}`));
  t.regex(group('é'.repeat(127)) ?? '', /: must be no more than 253 characters,a lowercase RFC 1123/);
});

test('names of objects need a resource', (t) => {
  const alone =
    'rules[0].resources.resourceNames: Invalid value: ["a",""]: using resourceNames requires at least one resource';
  t.is(problem({ level: 'None', resources: [{ resourceNames: ['a', ''] }] }), alone);
  t.is(problem({ level: 'None', resources: [{ resources: ['x'], resourceNames: ['a'] }] }), undefined);
});

test('users, groups, verbs, namespaces and resources may be any text', (t) => {
  const anything = ['', '*', '*/*', 'a/b/c', '\n'];
  const resources = [{ resources: anything, resourceNames: anything }];
  t.is(
    problem({ level: 'None', users: anything, userGroups: anything, verbs: anything, namespaces: anything, resources }),
    undefined,
  );
});
