import test from 'ava';
import { API, groupsWith, pluralOf } from '../../../../src/audit/policy/lint/api-resources.ts';
import { found, idsOf } from './found.ts';

/** Group, resource, finding, what is to be written instead. */
const CASES: readonly (readonly [string, string, string, RegExp])[] = [
  ['', 'pod', 'error singular-resource', /^write "pods"$/],
  ['', 'Pod', 'error singular-resource', /^write "pods"$/],
  ['', 'pod/exec', 'error singular-resource', /^write "pods\/exec"$/],
  ['', 'svc', 'error singular-resource', /^write "services"$/],
  ['', 'Pods', 'error resource-case', /^write "pods"$/],
  ['apps', 'deployment', 'error singular-resource', /^write "deployments"$/],
  ['networking.k8s.io', 'networkpolicy', 'error singular-resource', /^write "networkpolicies"$/],
  ['networking.k8s.io', 'ingress', 'error singular-resource', /^write "ingresses"$/],
  ['', 'deployments', 'error wrong-group', /group: "apps" and resources: \["deployments"\]/],
  ['', 'Deployment', 'error wrong-group', /group: "apps" and resources: \["deployments"\]/],
  ['apps', 'pods/exec', 'error wrong-group', /group: "" and resources: \["pods\/exec"\]/],
  ['apps', 'events', 'error wrong-group', /group: "" or "events\.k8s\.io"/],
  ['', 'configmap', 'error singular-resource', /^write "configmaps"$/],
  ['', 'configmpas', 'warning unknown-resource', /^write "configmaps"$/],
  ['', 'deploymetns', 'warning unknown-resource', /^write "deployments" in an entry with group: "apps"$/],
  ['', 'frobnicators', 'warning unknown-resource', /^known are "bindings", /],
  ['', 'pods/logs', 'warning unknown-subresource', /^write "pods\/log"$/],
  ['', 'pods/scale', 'warning unknown-subresource', /^pods has "attach", /],
  ['', 'secrets/data', 'warning unknown-subresource', /^write "secrets", which has no subresources$/],
  ['', '*/exce', 'warning unknown-subresource', /^write "\*\/exec"$/],
  ['', 'deployments.apps', 'error resource-with-group', /group: "apps", resources: \["deployments"\]/],
  ['', 'pods.log', 'error resource-with-group', /^write "pods\/log"$/],
  ['', '*/*', 'error resource-pattern', /^write "\*", which/],
  ['', 'pods/', 'error resource-pattern', /^write "pods"$/],
  ['', '/status', 'error resource-pattern', /^write "\*\/status"$/],
  ['', 'pods/proxy/metrics', 'error resource-pattern', /^write "pods\/proxy"$/],
  ['', 'pod*', 'error resource-pattern', /^write "\*", or each resource/],
  ['', 'pods/*', 'note resource-and-subresources', /"pods\/attach"/],
  ['example.com', 'Widgets', 'error resource-case', /^write "widgets"$/],
  ['*', 'pod', 'error singular-resource', /^write "pods"$/],
];

for (const [group, resource, id, instead] of CASES) {
  test(`${resource} in the group "${group}" is ${id}`, (t) => {
    const findings = found(
      `- level: Metadata\n  omitStages: [Panic]\n  resources: [{ group: "${group}", resources: ["${resource}"] }]`,
    );
    const [finding, ...others] = findings.filter((one) => one.id !== 'group-wildcard');
    t.is(`${finding?.severity} ${finding?.id}`, id);
    t.regex(finding?.instead ?? '', instead);
    t.deepEqual(others, []);
  });
}

const FINE: readonly (readonly [string, string])[] = [
  ['', '*'],
  ['', '*/status'],
  ['', 'serviceaccounts/token'],
  ['apps', 'deployments/scale'],
  ['example.com', 'widgets/status'],
  ['example.com', 'pod'],
  ['gateway.networking.k8s.io', 'gateways'],
  ['metrics.k8s.io', 'nodes'],
  ['snapshot.storage.k8s.io', 'volumesnapshots'],
];

for (const [group, resource] of FINE) {
  test(`${resource} in the group "${group}" is fine`, (t) => {
    const rule = `- level: Metadata\n  omitStages: [Panic]\n  resources: [{ group: "${group}", resources: ["${resource}"] }]`;
    t.deepEqual(idsOf(rule), []);
  });
}

const GROUPS: readonly (readonly [string, string, RegExp])[] = [
  ['v1', 'error core-group', /^write group: ""$/],
  ['core', 'error core-group', /^write group: ""$/],
  ['core/v1', 'error invalid-group', /^write group: ""$/],
  ['apps/v1', 'error group-version', /^write group: "apps"/],
  ['batch/v1beta1', 'error group-version', /^write group: "batch"/],
  ['Apps', 'error invalid-group', /^write group: "apps"$/],
  ['*.k8s.io', 'error invalid-group', /^write/],
  ['app', 'warning unknown-group', /^write group: "apps"$/],
  ['rbac', 'warning unknown-group', /^write group: "rbac\.authorization\.k8s\.io"$/],
  ['rbac.authorisation.k8s.io', 'warning unknown-group', /^write group: "rbac\.authorization\.k8s\.io"$/],
  ['extensions', 'note retired-group', /^remove/],
  ['*', 'warning group-wildcard', /older servers/],
];

for (const [group, id, instead] of GROUPS) {
  test(`the group ${group} is ${id}`, (t) => {
    const [finding, ...others] = found(
      `- level: Metadata\n  omitStages: [Panic]\n  resources: [{ group: "${group}" }]`,
    );
    t.is(`${finding?.severity} ${finding?.id}`, id);
    t.regex(finding?.instead ?? '', instead);
    t.deepEqual(others, []);
  });
}

test('the table of resources is sound', (t) => {
  t.true(API.size > 20);
  for (const [group, resources] of API) {
    for (const { name, subresources } of resources.values()) {
      t.regex(name, /^[a-z]+$/, group);
      t.true(
        subresources.every((one) => /^[a-z]+$/.test(one)),
        name,
      );
      t.is(pluralOf(name), undefined, `${name} is taken for a singular`);
      t.true(groupsWith(name).includes(group));
    }
  }
  t.is(API.get('')?.get('nodes')?.namespaced, false);
  t.is(API.get('')?.get('pods')?.namespaced, true);
});
