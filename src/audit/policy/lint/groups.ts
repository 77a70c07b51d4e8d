import { API, RETIRED_GROUPS } from './api-resources.ts';
import { type Desk, type GroupSource, quote, type Word } from './source.ts';

/** The group of an entry of `resources`: its form, its version, and whether there is one of this name. */
export function checkGroup({ group }: GroupSource, desk: Desk): void {
  if (group === undefined || group.value === '' || API.has(group.value)) return;
  if (group.value === '*') sayWildcard(group, desk);
  else if (/^(v\d+((alpha|beta)\d+)?|core|core\/v1)$/i.test(group.value)) sayCore(group, desk);
  else if (/^[^/]+\/v\d+((alpha|beta)\d+)?$/i.test(group.value)) sayVersion(group, desk);
  else if (!isSubdomain(group.value)) sayInvalid(group, desk);
  else if (RETIRED_GROUPS[group.value] !== undefined) sayRetired(group, desk);
  else checkName(group, desk);
}

/** A subdomain of RFC 1123, which is all that kube-apiserver asks for. */
function isSubdomain(name: string): boolean {
  return name.length <= 253 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(name);
}

function sayWildcard(group: Word, desk: Desk): void {
  desk.report('group-wildcard', group, {
    message: 'the group "*" means every group since Kubernetes 1.36: an older kube-apiserver does not start with it',
    instead: 'for older servers name the groups, or leave "resources" out of a last rule to match everything',
  });
}

function sayCore(group: Word, desk: Desk): void {
  const message = group.value.includes('/')
    ? `no group is called ${quote(group.value)}: kube-apiserver does not start with it`
    : `no group is called ${quote(group.value)}: the entry matches nothing, pods and secrets are in the group ""`;
  desk.report(isSubdomain(group.value) ? 'core-group' : 'invalid-group', group, {
    message,
    instead: 'write group: ""',
  });
}

function sayVersion(group: Word, desk: Desk): void {
  const name = group.value.split('/')[0] ?? '';
  desk.report('group-version', group, {
    message: `${quote(group.value)} holds a version: kube-apiserver does not start with it`,
    instead: `write group: ${quote(name.toLowerCase())}, which is every version of it`,
  });
}

function sayInvalid(group: Word, desk: Desk): void {
  const plain = group.value.trim().toLowerCase();
  const meant = API.has(plain) ? plain : (shortFor(plain) ?? desk.suggest(plain, [...API.keys()]));
  const wildcard = group.value.includes('*') ? ', and "*" stands alone or not at all' : '';
  desk.report('invalid-group', group, {
    message: `${quote(group.value)} is no name that a group can have${wildcard}: kube-apiserver does not start with it`,
    instead: meant === undefined ? 'write the group as in "kubectl api-resources", without the version' : write(meant),
  });
}

function sayRetired(group: Word, desk: Desk): void {
  desk.report('retired-group', group, {
    message: `nothing is served in the group ${quote(group.value)} any more, the entry matches nothing: ${RETIRED_GROUPS[group.value]}`,
    instead: 'remove the entry, or name the group that the resources are in now',
  });
}

/** A group of custom resources has a dot in its name; those of Kubernetes itself may be mistyped all the same. */
function checkName(group: Word, desk: Desk): void {
  const known = [...API.keys()].filter((name) => name !== '');
  const isCustom = group.value.includes('.');
  const meant =
    shortFor(group.value) ??
    desk.suggest(group.value, isCustom ? known.filter((one) => isNear(one, group.value)) : known);
  if (isCustom && meant === undefined) return;
  desk.report('unknown-group', group, {
    message: `Kubernetes has no group ${quote(group.value)}: ${isCustom ? 'unless it is one of custom resources, ' : ''}the entry matches nothing`,
    instead: meant === undefined ? 'write the group as in "kubectl api-resources", without the version' : write(meant),
  });
}

/** `rbac` for rbac.authorization.k8s.io */
function shortFor(name: string): string | undefined {
  const found = [...API.keys()].filter((one) => one.startsWith(`${name}.`));
  return found.length === 1 ? found[0] : undefined;
}

/** Alike but for a few letters: gateway.networking.k8s.io is not a mistyped networking.k8s.io. */
function isNear(known: string, name: string): boolean {
  return Math.abs(known.length - name.length) <= 2 && known.at(0) === name.at(0);
}

function write(group: string): string {
  return `write group: ${quote(group)}`;
}
