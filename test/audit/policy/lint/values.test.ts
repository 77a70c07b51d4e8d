import test from 'ava';
import { found } from './found.ts';

/** Entries of a rule, what they are found to be, and what is said to write instead; nothing else is found. */
const CASES: readonly (readonly [string, string, RegExp])[] = [
  ['users: [system:masters]', 'error group-in-users', /^write userGroups: \["system:masters"\]/],
  ['users: ["system:serviceaccounts:kube-system"]', 'error group-in-users', /^write userGroups/],
  [
    'userGroups: ["system:serviceaccount:a:b"]',
    'error user-in-groups',
    /^write users: \["system:serviceaccount:a:b"\]/,
  ],
  ['userGroups: ["system:node:n1"]', 'error user-in-groups', /^write users/],
  ['userGroups: [kubernetes-admin]', 'error user-in-groups', /^write users/],
  ['users: ["*"]', 'error subject-wildcard', /^leave the list out/],
  ['users: ["system:node:*"]', 'error subject-wildcard', /^write userGroups: \["system:nodes"\]$/],
  [
    'users: ["system:serviceaccount:a:*"]',
    'error subject-wildcard',
    /^write userGroups: \["system:serviceaccounts:a"\]$/,
  ],
  ['userGroups: ["dev-*"]', 'error subject-wildcard', /^write each name/],
  ['users: ["system:serviceaccount:coredns"]', 'error service-account-name', /NAMESPACE:NAME/],
  ['users: ["system:serviceaccounts:a:b"]', 'error service-account-name', /^write "system:serviceaccount:a:b"$/],
  ['verbs: ["*"]', 'error verb-wildcard', /^leave "verbs" out/],
  ['verbs: [GET]', 'error unknown-verb', /^write get$/],
  ['verbs: [read]', 'error unknown-verb', /^write get, list, watch$/],
  ['verbs: [remove]', 'error unknown-verb', /^write delete, deletecollection$/],
  ['verbs: [craete]', 'error unknown-verb', /^write create$/],
  ['verbs: [impersonate]', 'error unknown-verb', /^remove it/],
  ['verbs: [post]\n  namespaces: [a]', 'error unknown-verb', /^write create$/],
  ['verbs: [put]\n  namespaces: [a]', 'error unknown-verb', /^write update$/],
  ['verbs: [list]\n  nonResourceURLs: [/a]', 'error unknown-verb', /^write get$/],
  ['verbs: [""]', 'warning empty-entry', /^remove the entry/],
  ['users: []\n  verbs: [get]', 'warning empty-list', /^name what/],
  ['users:\n  verbs: [get]', 'warning empty-list', /^name what/],
  ['userGroups: [~]', 'error empty-entry', /^remove the entry/],
  ['verbs: [get, get]', 'note duplicate-entry', /^remove one/],
  ['namespaces: ["*"]', 'error namespaces-wildcard', /^leave "namespaces" out/],
  ['namespaces: [kube-*]', 'error namespaces-wildcard', /^leave "namespaces" out/],
  ['namespaces: [""]', 'note empty-namespace', /^nothing, if that is meant/],
  [
    'namespaces: [a]\n  resources: [{ group: "", resources: [nodes] }]',
    'error namespace-of-cluster-scoped',
    /without "namespaces"/,
  ],
  [
    'verbs: [create]\n  resources: [{ resources: [pods], resourceNames: [a] }]',
    'error names-with-create',
    /^write a rule without/,
  ],
  [
    'verbs: [create, get]\n  resources: [{ resources: [pods], resourceNames: [a] }]',
    'warning names-with-create',
    /^write a rule without/,
  ],
  [
    'verbs: [create]\n  resources: [{ resources: ["*"], resourceNames: [a] }]',
    'warning names-with-create',
    /^write a rule without/,
  ],
  [
    'verbs: [get, list]\n  resources: [{ resources: [pods], resourceNames: [a] }]',
    'note names-with-list',
    /^write a rule without/,
  ],
  ['resources: [{ resources: [pods], resourceNames: ["a*"] }]', 'error names-wildcard', /^leave "resourceNames" out/],
  ['resources: [{ resourceNames: [a] }]', 'error names-without-resources', /^name the resources/],
  ['nonResourceURLs: [healthz]', 'error url-without-slash', /^write "\/healthz"$/],
  ['nonResourceURLs: ["https://host:6443/version"]', 'error url-without-slash', /^write "\/version"$/],
  ['nonResourceURLs: ["/a*b"]', 'error url-wildcard', /^write "\/a\*"/],
  ['nonResourceURLs: ["/livez?exclude=etcd"]', 'error url-query', /^write "\/livez"$/],
  ['nonResourceURLs: ["/a%20b"]', 'error url-query', /^write "\/a b"$/],
  [
    'nonResourceURLs: ["/apis/apps/v1/deployments*"]',
    'error url-of-a-resource',
    /group: "apps", resources: \["deployments"\]/,
  ],
  ['nonResourceURLs: ["/api/v1/*"]', 'warning url-of-a-resource', /resources: \[\{ group: "" \}\]/],
  ['omitStages: [ResponseComplete]', 'warning response-complete-omitted', /RequestReceived/],
  ['omitStages: [ResponseStarted]', 'warning response-started-omitted', /^keep ResponseStarted/],
  [
    'omitStages: [ResponseStarted, RequestReceived, ResponseComplete]',
    'warning every-stage-omitted',
    /^write level: None/,
  ],
  ['omitStages: [requestReceived]', 'error unknown-stage', /^write RequestReceived$/],
  ['verbs: [get, y]', 'error wrong-type', /^write "y"$/],
  ['verbs: get', 'error wrong-type', /^write a list, verbs: \["\.\.\."\]$/],
  ['resources: [pods]\n  verbs: [get]', 'error wrong-type', /group: "", resources: \["pods"\]/],
  ['omitManagedFields: "true"', 'error wrong-type', /^write omitManagedFields: true$/],
];

for (const [entries, id, instead] of CASES) {
  test(`${entries.replaceAll('\n ', ',')} is ${id}`, (t) => {
    const [finding, ...others] = found(`- level: Metadata\n  ${entries}`).filter(
      ({ id }) => !/^(redundant|unreachable)/.test(id),
    );
    t.is(`${finding?.severity} ${finding?.id}`, id);
    t.true([5, 6].includes(finding?.line ?? 0));
    t.regex(finding?.instead ?? '', instead);
    t.deepEqual(others, []);
  });
}

const FINE = [
  'users: ["system:serviceaccount:a:b", "system:node:n1", "alice@example.com"]',
  'userGroups: ["system:nodes", "system:serviceaccounts:a", "oidc:team"]',
  'verbs: [get, list, watch, create, update, patch, delete, deletecollection]\n  namespaces: [a]',
  'verbs: [get, head, post]\n  nonResourceURLs: ["/healthz*", "*", "/api*", "/apis/apps"]',
  'users: [alice]\n  omitStages: [ResponseStarted]',
  'verbs: [create]\n  resources: [{ resources: ["pods/eviction"], resourceNames: [a] }]',
  'namespaces: [a]\n  resources: [{ resources: [namespaces, pods] }]',
  'namespaces: [2024-01-01]',
];

for (const entries of FINE) {
  test(`${entries.replaceAll('\n ', ',')} is fine`, (t) => {
    t.deepEqual(
      found(`- level: Metadata\n  ${entries}\n- level: None`)
        .filter(({ severity, line }) => severity !== 'note' && line < 7 && line > 3)
        .filter(({ id }) => !/-rule$/.test(id)),
      [],
    );
  });
}
