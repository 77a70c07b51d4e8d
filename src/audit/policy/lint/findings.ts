/**
 * Everything that the linter can find in an audit policy. An id is never renamed or used again; docs/policy-lint.md has
 * a section on each. An error is what kube-apiserver refuses to load, or loads with another meaning than is written; a
 * warning is what hardly anyone wants, but what is written; a note is worth knowing.
 */
export type Severity = 'error' | 'warning' | 'note';

export interface FindingKind {
  /** What a finding has unless it says otherwise. */
  readonly severity: Severity;
  /** One sentence on what it does in practice. */
  readonly summary: string;
  /** kube-apiserver does not start with such a policy. */
  readonly refused?: true;
}

export interface Finding {
  readonly id: FindingId;
  readonly severity: Severity;
  /** Lines and columns are counted from 1, columns in UTF-16 units; the end is behind the last character. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** What is wrong and what it does in practice. */
  readonly message: string;
  /** What to write instead. */
  readonly instead: string;
}

export const FINDINGS = {
  'invisible-character': error('A character that looks like a space or like nothing is part of the text around it.'),
  'typographic-character': error(
    'A quote or dash of a word processor means nothing in YAML and becomes part of a text.',
  ),
  'yaml-syntax': refused('The file is not YAML: kube-apiserver does not start with it.'),
  'not-json': refused('A file that begins with { is read as JSON and nothing else, and this is not JSON.'),
  'second-document': error('Only the first document of a file is read: what follows the --- has no effect.'),
  refused: refused('kube-apiserver refuses the policy for a reason that has no finding of its own.'),

  'verbs-nested': error('Verbs inside of resources are dropped: the rule matches every verb.'),
  'names-outdented': error('resourceNames outside of an entry of resources are dropped or break the file.'),
  'misplaced-key': error('A key in the wrong place is dropped: its restriction does not exist.'),
  'key-case': error('Keys are case-sensitive: one in another case is dropped.'),
  'unknown-key': error('A key that policies do not have is dropped.'),
  'duplicate-key': error('Of a key that is given twice only the last is read.'),

  'wrong-type': refused('The value is not of the type that the key wants.'),
  'no-rules': refused('A policy without rules is refused.'),
  'empty-list': warning('An empty list restricts nothing: it matches everything, as if it were not there.'),
  'empty-entry': error('An empty entry of a list matches nothing that occurs.'),
  'duplicate-entry': note('An entry that stands in the list already changes nothing.'),
  'redundant-entry': note('An entry beside a wildcard that takes it in changes nothing.'),

  'api-version': refused('The only version that is read is audit.k8s.io/v1.'),
  kind: refused('The kind is not Policy.'),
  'kind-missing': note('A file without a kind is taken for a Policy.'),
  'level-missing': refused('A rule has to have a level.'),
  'unknown-level': refused('The level is none of None, Metadata, Request and RequestResponse.'),
  'unknown-stage': refused('The stage is none of the four that exist.'),

  'group-in-users': error('A group among users matches nobody.'),
  'user-in-groups': error('A user among userGroups matches nobody.'),
  'subject-wildcard': error('Users and groups have no wildcards: the entry matches nobody.'),
  'service-account-name': error('The name of a service account has another form: the entry matches nobody.'),

  'verb-wildcard': error('Verbs have no wildcards: "*" matches nothing.'),
  'unknown-verb': error('No request has this verb.'),

  'group-version': refused('A group is written without its version.'),
  'core-group': error('The core group is called "": this one matches nothing.'),
  'invalid-group': refused('The group is not a name that a group can have.'),
  'unknown-group': warning('Kubernetes has no group of this name.'),
  'retired-group': note('Kubernetes serves nothing in this group any more.'),
  'group-wildcard': warning('The group "*" is refused by kube-apiserver before 1.36.'),
  'singular-resource': error('Resources are named by their plural, as in paths.'),
  'resource-case': error('Resources are written in lower case.'),
  'wrong-group': error('The resource belongs to another group: the entry matches nothing.'),
  'unknown-resource': warning('The group has no resource of this name.'),
  'unknown-subresource': warning('The resource has no subresource of this name.'),
  'resource-with-group': error('The group of a resource is not part of its name.'),
  'resource-pattern': error('The pattern matches nothing.'),
  'resource-and-subresources': note('A pattern such as "pods/*" matches the resource itself too.'),

  'names-without-resources': refused('resourceNames need resources beside them.'),
  'names-with-create': warning('A create has no name yet: resourceNames never match it.'),
  'names-with-list': note('A list or a watch has a name only by its field selector.'),
  'names-wildcard': error('resourceNames have no wildcards.'),
  'namespaces-wildcard': error('Namespaces have no wildcards.'),
  'empty-namespace': note('The namespace "" means requests without a namespace, not all of them.'),
  'namespace-of-cluster-scoped': error('A resource without namespaces never is in one.'),

  'url-without-slash': refused('A non-resource URL begins with a slash.'),
  'url-wildcard': refused('In a non-resource URL a * stands at the end or nowhere.'),
  'url-with-resources': refused('A rule is about resources or about URLs, never both.'),
  'url-query': error('Only the path of a URL is looked at, decoded and without its query.'),
  'url-of-a-resource': error('The path is one of resources: nonResourceURLs never match it.'),
  'url-bodies': note('Requests to non-resource URLs never have a body in the log.'),

  'unreachable-rule': warning('Rules above decide all that this one matches, in another way.'),
  'redundant-rule': note('A rule above decides all that this one matches, in the same way.'),
  'unreachable-entry': note('Rules above decide all that this entry matches.'),
  'no-catch-all': warning('What no rule matches is not recorded.'),
  'nothing-recorded': warning('The policy records nothing at all.'),
  'too-many-rules': note('The policy is too large to look for every rule that is never reached.'),

  'secret-bodies': warning('The contents of secrets are written to the log.'),
  'token-request-bodies': warning('Tokens that are issued for service accounts are written to the log.'),
  'token-review-bodies': warning('Tokens that are being reviewed are written to the log.'),

  'admins-hidden': warning('What administrators do is not recorded.'),
  'workloads-hidden': note('What is done with the token of a service account is not recorded.'),
  'anonymous-hidden': warning('Requests without credentials are not recorded.'),

  'response-complete-omitted': warning('Without ResponseComplete there is no response code: refusals cannot be found.'),
  'response-started-omitted': warning('A failed authentication (401) is recorded at ResponseStarted alone.'),
  'every-stage-omitted': warning('Nothing is recorded when every stage is omitted.'),
  'stages-of-none': note('A rule with the level None has no stages to omit.'),
} as const satisfies Readonly<Record<string, FindingKind>>;

export type FindingId = keyof typeof FINDINGS;

export function kindOf(id: FindingId): FindingKind {
  return FINDINGS[id];
}

function refused(summary: string) {
  return { severity: 'error', summary, refused: true } as const;
}

function error(summary: string) {
  return { severity: 'error', summary } as const;
}

function warning(summary: string) {
  return { severity: 'warning', summary } as const;
}

function note(summary: string) {
  return { severity: 'note', summary } as const;
}
