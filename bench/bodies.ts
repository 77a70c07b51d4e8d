import type { Random } from './random.ts';
import { nodeName } from './requesters.ts';

type Json = Readonly<Record<string, unknown>>;

function podSpec(random: Random, app: string, namespace: string): Json {
  const volume = `kube-api-access-${random.suffix(5)}`;
  return {
    volumes: [
      {
        name: volume,
        projected: {
          sources: [
            { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
            { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
          ],
          defaultMode: 420,
        },
      },
    ],
    containers: Array.from({ length: random.int(1, 2) }, (_, index) => container(random, `${app}-${index}`, volume)),
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    serviceAccountName: app,
    serviceAccount: app,
    nodeName: nodeName(random),
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          {
            weight: 100,
            podAffinityTerm: {
              labelSelector: { matchLabels: { 'app.kubernetes.io/name': app } },
              namespaces: [namespace],
              topologyKey: 'kubernetes.io/hostname',
            },
          },
        ],
      },
    },
    schedulerName: 'default-scheduler',
    tolerations: ['not-ready', 'unreachable'].map((key) => ({
      key: `node.kubernetes.io/${key}`,
      operator: 'Exists',
      effect: 'NoExecute',
      tolerationSeconds: 300,
    })),
    priority: 0,
    enableServiceLinks: true,
  };
}

function container(random: Random, name: string, volume: string): Json {
  return {
    name,
    image: `registry.example.com/team/${name}:v1.${random.int(0, 90)}.${random.int(0, 9)}@sha256:${random.hex(64)}`,
    command: ['/bin/sh', '-c', `exec /app/${name} --config=/etc/${name}/config.yaml 2>&1 | tee /var/log/${name}.log`],
    ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
    env: Array.from({ length: random.int(1, 7) }, (_, index) =>
      index % 3 === 0
        ? { name: `SECRET_${index}`, valueFrom: { secretKeyRef: { name: `${name}-env`, key: random.hex(8) } } }
        : { name: `OPTION_${index}`, value: `https://${random.suffix(8)}.svc:8443/?a=${random.hex(16)}&b=<${index}>` },
    ),
    resources: { limits: { cpu: '500m', memory: '256Mi' }, requests: { cpu: '100m', memory: '128Mi' } },
    volumeMounts: [{ name: volume, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' }],
    livenessProbe: { httpGet: { path: '/healthz', port: 8080, scheme: 'HTTP' }, timeoutSeconds: 1, periodSeconds: 10 },
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: 'IfNotPresent',
  };
}

/** The same pod as the server answers it: with metadata, managedFields and a status. */
export function pod(random: Random, app: string, namespace: string): Json {
  const created = '2026-11-20T21:14:05Z';
  return {
    metadata: {
      name: `${app}-${random.hex(10)}-${random.suffix(5)}`,
      generateName: `${app}-`,
      namespace,
      uid: random.uuid(),
      resourceVersion: String(random.int(1_000_000, 900_000_000)),
      creationTimestamp: created,
      labels: { 'app.kubernetes.io/name': app, 'pod-template-hash': random.hex(10) },
      annotations: { 'prometheus.io/scrape': 'true', note: `für ${app}: "${random.hex(12)}"\n\tsee docs` },
      managedFields: ['kube-controller-manager', 'kubelet'].map((manager) => ({
        manager,
        operation: 'Update',
        apiVersion: 'v1',
        time: created,
        fieldsType: 'FieldsV1',
        fieldsV1: managedFields(app),
      })),
    },
    spec: podSpec(random, app, namespace),
    status: {
      phase: 'Running',
      conditions: ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map((type) => ({
        type,
        status: 'True',
        lastProbeTime: null,
        lastTransitionTime: created,
      })),
      hostIP: `10.0.0.${random.int(1, 254)}`,
      podIP: `10.244.${random.int(0, 255)}.${random.int(1, 254)}`,
      startTime: created,
      qosClass: 'Burstable',
    },
  };
}

function managedFields(app: string): Json {
  const leaves = (names: readonly string[]): Json => Object.fromEntries(names.map((name) => [`f:${name}`, {}]));
  return {
    'f:metadata': { 'f:generateName': {}, 'f:labels': { '.': {}, ...leaves(['app.kubernetes.io/name']) } },
    'f:spec': {
      'f:containers': {
        [`k:{"name":"${app}-0"}`]: { '.': {}, ...leaves(['command', 'env', 'image', 'imagePullPolicy', 'resources']) },
      },
      ...leaves(['dnsPolicy', 'enableServiceLinks', 'restartPolicy', 'schedulerName', 'securityContext']),
    },
  };
}
