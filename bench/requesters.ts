import type { Random } from './random.ts';

/** Who asks, and how the API server writes that down. */
export interface Requester {
  readonly user: {
    readonly username: string;
    readonly uid?: string;
    readonly groups: readonly string[];
    readonly extra?: Readonly<Record<string, readonly string[]>>;
  };
  readonly sourceIPs: readonly string[];
  readonly userAgent: string;
  /** Why the authorizer lets them, empty where it gives no reason. */
  readonly reason: string;
}

const BUILD = '(linux/amd64) kubernetes/bc401b9';

/** The requesters of a cluster: kubelets, controllers, the service accounts of workloads, a few people. */
export function makeRequesters(random: Random, count: number): Requester[] {
  const kinds = [kubelet, kubelet, serviceAccount, serviceAccount, controlPlane, person, person];
  return Array.from({ length: count }, () => random.pick(kinds)(random));
}

function kubelet(random: Random): Requester {
  const node = nodeName(random);
  return {
    user: {
      username: `system:node:${node}`,
      groups: ['system:nodes', 'system:authenticated'],
      extra: { 'authentication.kubernetes.io/credential-id': [`X509SHA256=${random.hex(64)}`] },
    },
    sourceIPs: [address(random)],
    userAgent: `kubelet/v1.36.2 ${BUILD}`,
    reason: '',
  };
}

function serviceAccount(random: Random): Requester {
  const namespace = random.pick([
    'kube-system',
    'monitoring',
    'cert-manager',
    'argocd',
    'team-payments',
    'team-search',
  ]);
  const name = random.pick([
    'prometheus-operator',
    'cert-manager-cainjector',
    'application-controller',
    'kube-state-metrics',
  ]);
  const pod = `${name}-${random.hex(10)}-${random.suffix(5)}`;
  return {
    user: {
      username: `system:serviceaccount:${namespace}:${name}`,
      uid: random.uuid(),
      groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
      extra: {
        'authentication.kubernetes.io/credential-id': [`JTI=${random.uuid()}`],
        'authentication.kubernetes.io/node-name': [nodeName(random)],
        'authentication.kubernetes.io/node-uid': [random.uuid()],
        'authentication.kubernetes.io/pod-name': [pod],
        'authentication.kubernetes.io/pod-uid': [random.uuid()],
      },
    },
    sourceIPs: [address(random)],
    userAgent: `${name}/v${random.int(0, 3)}.${random.int(1, 80)}.${random.int(0, 9)} (linux/amd64) kubernetes/$Format`,
    reason: `RBAC: allowed by ClusterRoleBinding "${name}" of ClusterRole "${name}" to ServiceAccount "${name}/${namespace}"`,
  };
}

function controlPlane(random: Random): Requester {
  const name = random.pick(['kube-controller-manager', 'kube-scheduler']);
  return {
    user: {
      username: `system:${name}`,
      groups: ['system:authenticated'],
      extra: { 'authentication.kubernetes.io/credential-id': [`X509SHA256=${random.hex(64)}`] },
    },
    sourceIPs: [address(random)],
    userAgent: `${name}/v1.36.2 ${BUILD}/leader-election`,
    reason: `RBAC: allowed by ClusterRoleBinding "system:${name}" of ClusterRole "system:${name}" to User "system:${name}"`,
  };
}

function person(random: Random): Requester {
  const name = random.pick(['alice', 'bob', 'carol', 'dave']);
  return {
    user: {
      username: `oidc:${name}@example.com`,
      groups: ['oidc:developers', 'oidc:team-payments', 'system:authenticated'],
      extra: { 'authentication.kubernetes.io/credential-id': [`JTI=${random.uuid()}`] },
    },
    sourceIPs: [address(random), address(random)],
    userAgent: `kubectl/v1.36.2 ${BUILD}`,
    reason: 'RBAC: allowed by RoleBinding "developers/team-payments" of ClusterRole "edit" to Group "oidc:developers"',
  };
}

export function nodeName(random: Random): string {
  return `ip-10-${random.int(0, 15)}-${random.int(0, 3)}-${random.int(1, 40)}.eu-central-1.compute.internal`;
}

function address(random: Random): string {
  return `10.${random.int(0, 255)}.${random.int(0, 255)}.${random.int(1, 254)}`;
}
