import { API } from './api-resources.ts';
import { type Desk, type GroupSource, quote, quoted, type RuleSource, valuesOf } from './source.ts';

/** Namespaces and names of objects: which requests have them at all. */
export function checkObjects(rule: RuleSource, desk: Desk): void {
  for (const word of rule.namespaces?.items ?? []) {
    if (word.value.includes('*')) {
      desk.report('namespaces-wildcard', word, {
        message: `namespaces have no wildcards: ${quote(word.value)} is compared letter by letter and matches nothing`,
        instead: 'leave "namespaces" out to match every namespace, or name them all',
      });
    } else if (word.value === '') {
      desk.report('empty-namespace', word, {
        message:
          'the namespace "" stands for requests without one: resources such as nodes, and a list or watch over all namespaces',
        instead: 'nothing, if that is meant; leave "namespaces" out to match every namespace',
      });
    }
  }
  checkClusterScoped(rule, desk);
  for (const group of rule.resources?.items ?? []) checkNames(group, { rule, desk });
}

/** Nothing but `namespaces` itself has a namespace in its path without being in one. */
function checkClusterScoped({ namespaces, resources }: RuleSource, desk: Desk): void {
  const names = valuesOf(namespaces).filter((name) => !name.includes('*'));
  if (names.length === 0 || names.includes('')) return;
  for (const { group, resources: words } of resources?.items ?? []) {
    for (const word of words?.items ?? []) {
      const name = word.value.split('/')[0] ?? '';
      if (name === 'namespaces' || API.get(group?.value ?? '')?.get(name)?.namespaced !== false) continue;
      desk.report('namespace-of-cluster-scoped', word, {
        message: `${quote(name)} have no namespace: with "namespaces" in the rule the entry matches nothing`,
        instead: 'put it in a rule without "namespaces"',
      });
    }
  }
}

function checkNames(group: GroupSource, { rule, desk }: { readonly rule: RuleSource; readonly desk: Desk }): void {
  const { resourceNames, resources } = group;
  if (resourceNames === undefined || resourceNames.items.length === 0) return;
  if (resources === undefined || resources.items.length === 0) {
    desk.report('names-without-resources', resourceNames, {
      message: '"resourceNames" want "resources" beside them: kube-apiserver does not start with it',
      instead: 'name the resources that have these names: resources: ["configmaps"]',
    });
    return;
  }
  for (const word of resourceNames.items) {
    if (!word.value.includes('*')) continue;
    desk.report('names-wildcard', word, {
      message: `resourceNames have no wildcards: ${quote(word.value)} is compared letter by letter and matches nothing`,
      instead: 'leave "resourceNames" out to match every name, or name them all',
    });
  }
  if (!valuesOf(resourceNames).includes('') && valuesOf(resources).some(hasOwnCreate))
    checkNameless(rule, { group, desk });
}

/** A create at a subresource, such as pods/eviction, has the name of its object. */
function hasOwnCreate(resource: string): boolean {
  return !resource.includes('/') || resource.endsWith('/*');
}

function checkNameless(rule: RuleSource, { group, desk }: { readonly group: GroupSource; readonly desk: Desk }): void {
  const at = group.resourceNames;
  const verbs = valuesOf(rule.verbs);
  if (at === undefined) return;
  const nameless = verbs.filter((verb) => verb === 'create' || verb === 'deletecollection');
  const listing = verbs.filter((verb) => verb === 'list' || verb === 'watch');
  if (nameless.length > 0) {
    const never =
      nameless.length === verbs.length && !valuesOf(group.resources).some((one) => one === '*' || one.includes('/'));
    desk.report('names-with-create', at, {
      severity: never ? 'error' : 'warning',
      message: `a request with the verb ${quoted(nameless)} has no name in its path: ${never ? 'the entry matches nothing' : 'with "resourceNames" the rule matches none of them'}`,
      instead: `write a rule without "resourceNames" for ${quoted(nameless)}`,
    });
  }
  if (listing.length > 0) {
    desk.report('names-with-list', at, {
      message: `a request with the verb ${quoted(listing)} has a name only if its field selector is metadata.name=...: the rule matches no other`,
      instead: `write a rule without "resourceNames" for ${quoted(listing)}, unless that is meant`,
    });
  }
}
