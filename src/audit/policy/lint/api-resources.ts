/**
 * What kube-apiserver 1.36 serves by itself: group, resource, subresources. A resource with a `!` in front has no
 * namespaces. Resources of feature gates are among them; custom resources and aggregated APIs are not.
 */
const TABLE: Readonly<Record<string, string>> = {
  '': `
    bindings !componentstatuses configmaps endpoints events limitranges
    !namespaces/finalize,status !nodes/proxy,status
    persistentvolumeclaims/status !persistentvolumes/status
    pods/attach,binding,ephemeralcontainers,eviction,exec,log,portforward,proxy,resize,status podtemplates
    replicationcontrollers/scale,status resourcequotas/status secrets serviceaccounts/token services/proxy,status`,
  'admissionregistration.k8s.io': `
    !mutatingadmissionpolicies !mutatingadmissionpolicybindings !mutatingwebhookconfigurations
    !validatingadmissionpolicies/status !validatingadmissionpolicybindings !validatingwebhookconfigurations`,
  'apiextensions.k8s.io': '!customresourcedefinitions/status',
  'apiregistration.k8s.io': '!apiservices/status',
  apps: `
    controllerrevisions daemonsets/status deployments/scale,status replicasets/scale,status
    statefulsets/scale,status`,
  'authentication.k8s.io': '!selfsubjectreviews !tokenreviews',
  'authorization.k8s.io': `
    localsubjectaccessreviews !selfsubjectaccessreviews !selfsubjectrulesreviews !subjectaccessreviews`,
  autoscaling: 'horizontalpodautoscalers/status',
  batch: 'cronjobs/status jobs/status',
  'certificates.k8s.io': `
    !certificatesigningrequests/approval,status !clustertrustbundles podcertificaterequests/status`,
  'coordination.k8s.io': 'leasecandidates leases',
  'discovery.k8s.io': 'endpointslices',
  'events.k8s.io': 'events',
  'flowcontrol.apiserver.k8s.io': '!flowschemas/status !prioritylevelconfigurations/status',
  'internal.apiserver.k8s.io': '!storageversions/status',
  'networking.k8s.io': `
    !ingressclasses ingresses/status !ipaddresses networkpolicies !servicecidrs/status`,
  'node.k8s.io': '!runtimeclasses',
  policy: 'poddisruptionbudgets/status',
  'rbac.authorization.k8s.io': '!clusterrolebindings !clusterroles rolebindings roles',
  'resource.k8s.io': `
    !deviceclasses !devicetaintrules/status resourceclaims/status resourceclaimtemplates
    !resourcepoolstatusrequests/status !resourceslices`,
  'scheduling.k8s.io': 'podgroups/status !priorityclasses workloads',
  'storage.k8s.io': `
    !csidrivers !csinodes csistoragecapacities !storageclasses !volumeattachments/status
    !volumeattributesclasses`,
  'storagemigration.k8s.io': '!storageversionmigrations/status',
};

export interface ApiResource {
  readonly name: string;
  readonly namespaced: boolean;
  readonly subresources: readonly string[];
}

/** By group, then by resource. */
export const API: ReadonlyMap<string, ReadonlyMap<string, ApiResource>> = new Map(
  Object.entries(TABLE).map(([group, text]) => [
    group,
    new Map(
      text
        .trim()
        .split(/\s+/)
        .map((entry) => {
          const [name = '', subresources] = entry.replace('!', '').split('/');
          return [name, { name, namespaced: !entry.startsWith('!'), subresources: subresources?.split(',') ?? [] }];
        }),
    ),
  ]),
);

/** Groups that Kubernetes once served: what was in them, and in which version the last of it went. */
export const RETIRED_GROUPS: Readonly<Record<string, string>> = {
  extensions: 'its resources moved to apps, networking.k8s.io and policy; the last, ingresses, was removed in 1.22',
  'settings.k8s.io': 'podpresets were removed in 1.20',
  'auditregistration.k8s.io': 'auditsinks were removed in 1.19',
};

/** The groups that have a resource of this name. */
export function groupsWith(resource: string): readonly string[] {
  return [...API].filter(([, resources]) => resources.has(resource)).map(([group]) => group);
}

/** The resource that is meant by a kind, a singular or a short name of kubectl, in whatever case. */
export function pluralOf(word: string): string | undefined {
  const lower = word.toLowerCase();
  return SHORT[lower] ?? SINGULARS.get(lower);
}

const SHORT: Readonly<Record<string, string>> = {
  cm: 'configmaps',
  crd: 'customresourcedefinitions',
  crds: 'customresourcedefinitions',
  cs: 'componentstatuses',
  csr: 'certificatesigningrequests',
  cj: 'cronjobs',
  deploy: 'deployments',
  ds: 'daemonsets',
  ep: 'endpoints',
  ev: 'events',
  hpa: 'horizontalpodautoscalers',
  ing: 'ingresses',
  netpol: 'networkpolicies',
  no: 'nodes',
  ns: 'namespaces',
  pc: 'priorityclasses',
  pdb: 'poddisruptionbudgets',
  po: 'pods',
  pv: 'persistentvolumes',
  pvc: 'persistentvolumeclaims',
  quota: 'resourcequotas',
  rc: 'replicationcontrollers',
  rs: 'replicasets',
  sa: 'serviceaccounts',
  sc: 'storageclasses',
  sts: 'statefulsets',
  svc: 'services',
};

const SINGULARS: ReadonlyMap<string, string> = new Map(
  [...API.values()].flatMap((resources) => [...resources.keys()].map((name) => [singularOf(name), name] as const)),
);

/** `endpoints` is its own: the kind has the s too. */
function singularOf(plural: string): string {
  if (plural.endsWith('policies') || plural.endsWith('capacities')) return plural.replace(/ies$/, 'y');
  return /(ss|status)es$/.test(plural) ? plural.slice(0, -2) : plural.slice(0, -1);
}
