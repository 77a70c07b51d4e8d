import type { Entry } from './nodes.ts';
import { type Desk, quote } from './source.ts';

/** The three places where a policy has keys. */
export type Place = 'policy' | 'rule' | 'resources';

export const KEYS: Readonly<Record<Place, readonly string[]>> = {
  policy: ['apiVersion', 'kind', 'metadata', 'omitStages', 'omitManagedFields', 'rules'],
  rule: [
    'level',
    'users',
    'userGroups',
    'verbs',
    'resources',
    'namespaces',
    'nonResourceURLs',
    'omitStages',
    'omitManagedFields',
  ],
  resources: ['group', 'resources', 'resourceNames'],
};

/** What is called otherwise in RBAC, in webhooks or in everyday language. Lower case, as any case is wrong. */
const ALSO_CALLED: Readonly<Record<Place, Readonly<Record<string, string>>>> = {
  policy: { stages: 'omitStages', rule: 'rules' },
  rule: {
    action: 'level',
    apigroups: 'resources',
    groups: 'userGroups',
    method: 'verbs',
    methods: 'verbs',
    name: 'resourceNames',
    names: 'resourceNames',
    operations: 'verbs',
    path: 'nonResourceURLs',
    paths: 'nonResourceURLs',
    resourcename: 'resourceNames',
    serviceaccount: 'users',
    serviceaccounts: 'users',
    stages: 'omitStages',
    subjects: 'users',
    urls: 'nonResourceURLs',
    username: 'users',
    usernames: 'users',
  },
  resources: {
    apigroup: 'group',
    apigroups: 'group',
    name: 'resourceNames',
    names: 'resourceNames',
    kind: 'resources',
    kinds: 'resources',
    verb: 'verbs',
    namespace: 'namespaces',
    user: 'users',
    subresources: 'resources',
  },
};

const WHERE: Readonly<Record<Place, string>> = {
  policy: 'at the top of the policy, beside "rules"',
  rule: 'in the rule, beside "level" and "resources"',
  resources: 'in an entry of "resources", beside "group"',
};

/** What a dropped key of a rule leaves behind. */
const WITHOUT: Readonly<Record<string, string>> = {
  level: 'the level is not what is written there',
  users: 'the rule matches every user',
  userGroups: 'the rule matches every group',
  verbs: 'the rule matches every verb, get, list and watch included',
  resources: 'the rule matches every resource',
  namespaces: 'the rule matches every namespace',
  nonResourceURLs: 'the rule does not stop at these URLs',
  omitStages: 'the rule records these stages',
  omitManagedFields: 'the rule treats managedFields as the policy says',
  group: 'the entry is about the core group',
  resourceNames: 'the rule matches objects of every name',
};

/** Says of every key that this place does not have what it was meant to be. */
export function checkKeys(
  entries: Iterable<Entry>,
  { place, desk, level }: { readonly place: Place; readonly desk: Desk; readonly level?: string | undefined },
): void {
  for (const { key, at } of entries) {
    if (KEYS[place].includes(key)) continue;
    const meant = meantKey(key, { place, desk });
    const home = meant === undefined ? undefined : homeOf(meant, place);
    if (meant === undefined || home === undefined) {
      desk.report('unknown-key', at, {
        message: `${quote(key)} is no key of a policy: kube-apiserver drops it, and nothing of it has any effect`,
        instead: `remove it; the keys ${WHERE[place].split(',')[0]} are ${KEYS[place].join(', ')}`,
      });
      continue;
    }
    const dropped = `kube-apiserver drops ${quote(key)} here${effectOf(meant, { place, level })}`;
    if (home === place) {
      const onlyCase = key.toLowerCase() === meant.toLowerCase();
      desk.report(onlyCase ? 'key-case' : 'unknown-key', at, {
        message: `${dropped}: the key is called ${quote(meant)}`,
        instead: `write ${LIKE[meant] ?? meant}, with the values that are meant`,
      });
      continue;
    }
    const spelled = meant === key ? '' : `, and write ${quote(meant)}`;
    desk.report(misplaced(meant, place), at, {
      message: `${dropped}: it belongs ${WHERE[home]}`,
      instead: `move it ${directionOf(place, home)}${spelled}`,
    });
  }
}

const METADATA: readonly string[] = [
  'annotations',
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'finalizers',
  'generateName',
  'generation',
  'labels',
  'managedFields',
  'name',
  'namespace',
  'ownerReferences',
  'resourceVersion',
  'selfLink',
  'uid',
];

/** Nothing in the metadata of a policy has any effect, dropped or not. */
export function checkMetadata(entries: Iterable<Entry>, desk: Desk): void {
  for (const { key, at } of entries) {
    if (METADATA.includes(key)) continue;
    const meant = desk.suggest(key, METADATA);
    desk.report('unknown-key', at, {
      severity: 'note',
      message: `${quote(key)} is no key of metadata: kube-apiserver drops it`,
      instead: meant === undefined ? 'remove it' : `write ${meant}`,
    });
  }
}

function misplaced(meant: string, place: Place) {
  if (meant === 'verbs' && place === 'resources') return 'verbs-nested';
  return meant === 'resourceNames' ? 'names-outdented' : 'misplaced-key';
}

/** The key that it is but for its case, what it is called in this place, or the one it looks like. */
function meantKey(key: string, { place, desk }: { readonly place: Place; readonly desk: Desk }): string | undefined {
  const all = [...KEYS.rule, ...KEYS.resources, ...KEYS.policy];
  const lower = key.toLowerCase();
  const but = (known: string) => known.toLowerCase() === lower;
  const called = ALSO_CALLED[place];
  return (
    KEYS[place].find(but) ??
    (Object.hasOwn(called, lower) ? called[lower] : undefined) ??
    all.find(but) ??
    desk.suggest(key, KEYS[place]) ??
    (key.length > 3 ? desk.suggest(key, all) : undefined)
  );
}

function homeOf(key: string, place: Place): Place | undefined {
  const homes: readonly Place[] = [place, 'rule', 'resources', 'policy'];
  return homes.find((home) => KEYS[home].includes(key));
}

function effectOf(
  key: string,
  { place, level }: { readonly place: Place; readonly level?: string | undefined },
): string {
  const left = WITHOUT[key];
  if (left === undefined || place === 'policy') return '';
  return `, so ${left}${level === undefined || key === 'level' ? '' : `, at the level ${level}`}`;
}

function directionOf(from: Place, to: Place): string {
  if (from === 'resources') return `out, to stand ${WHERE[to]}`;
  return `${from === 'policy' ? 'in' : to === 'policy' ? 'out' : 'in'}, to stand ${WHERE[to]}`;
}

const LIKE: Readonly<Record<string, string>> = {
  level: 'level: Metadata',
  users: 'users: ["alice"]',
  userGroups: 'userGroups: ["system:nodes"]',
  verbs: 'verbs: ["create", "delete"]',
  resources: 'resources: [{ group: "", resources: ["pods"] }]',
  namespaces: 'namespaces: ["kube-system"]',
  nonResourceURLs: 'nonResourceURLs: ["/healthz*"]',
  omitStages: 'omitStages: ["RequestReceived"]',
  omitManagedFields: 'omitManagedFields: true',
  group: 'group: "apps"',
  resourceNames: 'resourceNames: ["my-object"]',
};
