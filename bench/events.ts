import { pod } from './bodies.ts';
import type { Random } from './random.ts';
import { makeRequesters, type Requester } from './requesters.ts';

/**
 * `mix`: 83 % Metadata of about 1.2 kB, 12 % pods of 4 to 12 kB, 3 % lists of 30 to 100 kB, 2 % refused.
 * `metadata`: 98 % Metadata, 2 % refused.
 */
export type LogKind = 'mix' | 'metadata';

interface Target {
  readonly resource: string;
  readonly apiGroup?: string;
  readonly apiVersion: string;
}

const TARGETS: readonly Target[] = [
  { resource: 'leases', apiGroup: 'coordination.k8s.io', apiVersion: 'v1' },
  { resource: 'endpointslices', apiGroup: 'discovery.k8s.io', apiVersion: 'v1' },
  { resource: 'deployments', apiGroup: 'apps', apiVersion: 'v1' },
  { resource: 'certificates', apiGroup: 'cert-manager.io', apiVersion: 'v1' },
  { resource: 'configmaps', apiVersion: 'v1' },
  { resource: 'secrets', apiVersion: 'v1' },
  { resource: 'events', apiVersion: 'v1' },
];
const NAMESPACES = ['kube-system', 'monitoring', 'team-payments', 'team-search', 'cert-manager'];
const VERBS = ['get', 'list', 'watch', 'update', 'patch', 'create', 'delete'];

/** Gives one line after the other, each as kube-apiserver writes it, without the newline. */
export function eventLines(kind: LogKind, random: Random): () => string {
  const requesters = makeRequesters(random, 60);
  let microseconds = 0;
  return () => {
    microseconds += random.int(20, 4000);
    const requester = random.pick(requesters);
    const times = timestamps(microseconds, random.int(300, 900_000));
    const share = random.int(1, 100);
    if (share <= 2) return goJson(refused(random, requester, times));
    if (kind === 'mix' && share <= 5) return goJson(podList(random, requester, times));
    if (kind === 'mix' && share <= 17) return goJson(podUpdate(random, requester, times));
    return goJson(metadata(random, requester, times));
  };
}

/** One list of pods, of about this many bytes. */
export function listOf(bytes: number, random: Random): string {
  const requester = random.pick(makeRequesters(random, 1));
  const item = goJson(pod(random, 'billing', 'team-payments'));
  const items = Array.from({ length: Math.ceil(bytes / (item.length + 1)) }, () => item);
  const line = goJson(podList(random, requester, timestamps(0, 1000)));
  const start = line.indexOf('"items":[') + '"items":['.length;
  return `${line.slice(0, start)}${items.join(',')}${line.slice(line.lastIndexOf(']},"requestReceivedTimestamp"'))}`;
}

interface Times {
  readonly requestReceivedTimestamp: string;
  readonly stageTimestamp: string;
}

type Json = Readonly<Record<string, unknown>>;

function metadata(random: Random, requester: Requester, times: Times): Json {
  const verb = random.pick(VERBS);
  const { uri, objectRef } = request(random, verb);
  const code = verb === 'create' ? 201 : 200;
  return event(random, requester, times, {
    level: 'Metadata',
    stage: verb === 'watch' && random.chance(0.5) ? 'ResponseStarted' : 'ResponseComplete',
    uri,
    verb,
    objectRef,
    outcome: { responseStatus: { metadata: {}, code } },
  });
}

function refused(random: Random, requester: Requester, times: Times): Json {
  const verb = random.pick(['get', 'list', 'update', 'create', 'delete']);
  const { uri, objectRef } = request(random, verb);
  const kind = objectRef.resource;
  const group = objectRef.apiGroup ?? '';
  const message =
    `${kind}${group === '' ? '' : `.${group}`} is forbidden: User "${requester.user.username}" cannot ${verb} resource ` +
    `"${kind}" in API group "${group}" in the namespace "${objectRef.namespace}"`;
  const details = { group: group === '' ? undefined : group, kind };
  return event(random, { ...requester, reason: '' }, times, {
    level: 'Metadata',
    stage: 'ResponseComplete',
    uri,
    verb,
    objectRef,
    outcome: { responseStatus: { metadata: {}, status: 'Failure', message, reason: 'Forbidden', details, code: 403 } },
    decision: 'forbid',
  });
}

function podUpdate(random: Random, requester: Requester, times: Times): Json {
  const { app, namespace, uri, objectRef } = pods(random);
  const body = { kind: 'Pod', apiVersion: 'v1', ...pod(random, app, namespace) };
  const answer = random.chance(0.3) ? { responseObject: body } : {};
  return event(random, requester, times, {
    level: 'RequestResponse',
    stage: 'ResponseComplete',
    uri: `${uri}/${app}-0/status?fieldManager=kubelet&timeout=${random.int(5, 30)}s`,
    verb: 'update',
    objectRef: { ...objectRef, name: `${app}-0` },
    outcome: { responseStatus: { metadata: {}, code: 200 }, requestObject: body, ...answer },
  });
}

function podList(random: Random, requester: Requester, times: Times): Json {
  const { app, namespace, uri, objectRef } = pods(random);
  const items = Array.from({ length: random.int(8, 20) }, () => pod(random, app, namespace));
  const responseObject = { kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: '88231023' }, items };
  return event(random, requester, times, {
    level: 'RequestResponse',
    stage: 'ResponseComplete',
    uri: `${uri}?limit=500&labelSelector=app.kubernetes.io%2Fname%3D${app}`,
    verb: 'list',
    objectRef,
    outcome: { responseStatus: { metadata: {}, code: 200 }, responseObject },
  });
}

interface ObjectRef extends Target {
  readonly namespace: string;
  readonly name?: string;
}

function request(random: Random, verb: string): { uri: string; objectRef: ObjectRef } {
  const { resource, ...version } = random.pick(TARGETS);
  const namespace = random.pick(NAMESPACES);
  const name = `${random.pick(['billing', 'search', 'gateway', 'worker'])}-${random.hex(9)}-${random.suffix(5)}`;
  const base = version.apiGroup === undefined ? '/api' : `/apis/${version.apiGroup}`;
  const uri = `${base}/${version.apiVersion}/namespaces/${namespace}/${resource}`;
  if (verb === 'list' || verb === 'watch') {
    const query = `allowWatchBookmarks=true&resourceVersion=${random.int(1e6, 9e8)}&timeoutSeconds=${random.int(300, 600)}`;
    return { uri: `${uri}?${query}&watch=${verb === 'watch'}`, objectRef: { resource, namespace, ...version } };
  }
  return { uri: `${uri}/${name}?timeout=5s`, objectRef: { resource, namespace, name, ...version } };
}

function pods(random: Random): { app: string; namespace: string; uri: string; objectRef: ObjectRef } {
  const app = random.pick(['billing', 'search', 'gateway', 'worker']);
  const namespace = random.pick(NAMESPACES);
  const objectRef = { resource: 'pods', namespace, apiVersion: 'v1' };
  return { app, namespace, uri: `/api/v1/namespaces/${namespace}/pods`, objectRef };
}

interface Parts {
  readonly level: string;
  readonly stage: string;
  readonly uri: string;
  readonly verb: string;
  readonly objectRef: ObjectRef;
  /** responseStatus and the bodies. */
  readonly outcome: Json;
  readonly decision?: string;
}

/** The members in the order of the Go structure. */
function event(random: Random, requester: Requester, times: Times, parts: Parts): Json {
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: parts.level,
    auditID: random.uuid(),
    stage: parts.stage,
    requestURI: parts.uri,
    verb: parts.verb,
    user: requester.user,
    sourceIPs: requester.sourceIPs,
    userAgent: requester.userAgent,
    objectRef: goOrder(parts.objectRef),
    ...parts.outcome,
    ...times,
    annotations: {
      'authorization.k8s.io/decision': parts.decision ?? 'allow',
      'authorization.k8s.io/reason': requester.reason,
    },
  };
}

function goOrder({ resource, namespace, name, apiGroup, apiVersion }: ObjectRef): Json {
  return { resource, namespace, name, apiGroup, apiVersion };
}

function timestamps(received: number, duration: number): Times {
  return { requestReceivedTimestamp: timestamp(received), stageTimestamp: timestamp(received + duration) };
}

function timestamp(microseconds: number): string {
  const milliseconds = Date.UTC(2026, 10, 21) + Math.floor(microseconds / 1000);
  const rest = String(microseconds % 1000).padStart(3, '0');
  return `${new Date(milliseconds).toISOString().slice(0, -1)}${rest}Z`;
}

/** Go escapes these in every string, so that JSON may stand in HTML. */
function goJson(value: Json): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
