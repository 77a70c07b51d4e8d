/** A Go type as far as decoding JSON into it is concerned; `name` is how messages call it. */
export type GoType =
  | { readonly kind: 'string' | 'bool' | 'int32' | 'int64' | 'interface'; readonly name: string }
  /** Reads itself: a time, or JSON that is kept as it is. */
  | { readonly kind: 'time' | 'micro-time' | 'raw'; readonly name: string }
  | { readonly kind: 'pointer' | 'slice' | 'map'; readonly name: string; readonly of: GoType }
  | StructType;

export interface StructType {
  readonly kind: 'struct';
  readonly name: string;
  readonly fields: ReadonlyMap<string, Field>;
}

export interface Field {
  readonly type: GoType;
  /** Of embedded structs that it comes from, as they stand in messages: `ObjectMeta.`, or "". */
  readonly via: string;
  /** Written out even if it is empty. */
  readonly always: boolean;
}

/** What a line of a table below says: `Name: field type, +Embedded, ...`; `!` behind a field: written even if empty. */
type Table = readonly string[];

const META: Table = [
  'v1.TypeMeta: kind string, apiVersion string',
  'v1.ObjectMeta: name string, generateName string, namespace string, selfLink string, uid types.UID, resourceVersion string, generation int64, creationTimestamp v1.Time, deletionTimestamp *v1.Time, deletionGracePeriodSeconds *int64, labels map[string]string, annotations map[string]string, ownerReferences []v1.OwnerReference, finalizers []string, managedFields []v1.ManagedFieldsEntry',
  'v1.OwnerReference: apiVersion! string, kind! string, name! string, uid! types.UID, controller *bool, blockOwnerDeletion *bool',
  'v1.ManagedFieldsEntry: manager string, operation v1.ManagedFieldsOperationType, apiVersion string, time *v1.Time, fieldsType string, fieldsV1 *v1.FieldsV1, subresource string',
  'v1.ListMeta: selfLink string, resourceVersion string, continue string, remainingItemCount *int64, shardInfo *v1.ShardInfo',
  'v1.ShardInfo: selector string',
];

const AUDIT_V1: Table = [
  'v1.Policy: +v1.TypeMeta, metadata! v1.ObjectMeta, rules! []v1.PolicyRule, omitStages []v1.Stage, omitManagedFields bool',
  'v1.PolicyRule: level! v1.Level, users []string, userGroups []string, verbs []string, resources []v1.GroupResources, namespaces []string, nonResourceURLs []string, omitStages []v1.Stage, omitManagedFields *bool',
  'v1.GroupResources: group string, resources []string, resourceNames []string',
  'v1.PolicyList: +v1.TypeMeta, metadata v1.ListMeta, items []v1.Policy',
  'v1.Event: +v1.TypeMeta, level v1.Level, auditID types.UID, stage v1.Stage, requestURI string, verb string, user v1.UserInfo, impersonatedUser *v1.UserInfo, authenticationMetadata *v1.AuthenticationMetadata, sourceIPs []string, userAgent string, objectRef *v1.ObjectReference, responseStatus *v1.Status, requestObject *runtime.Unknown, responseObject *runtime.Unknown, requestReceivedTimestamp v1.MicroTime, stageTimestamp v1.MicroTime, annotations map[string]string',
  'v1.EventList: +v1.TypeMeta, metadata v1.ListMeta, items []v1.Event',
  'v1.AuthenticationMetadata: impersonationConstraint string',
  'v1.ObjectReference: resource string, namespace string, name string, uid types.UID, apiGroup string, apiVersion string, resourceVersion string, subresource string',
  'v1.UserInfo: username string, uid string, groups []string, extra map[string]v1.ExtraValue',
];

/** The server's own form, which a policy without apiVersion is read into: other field names, and it is then refused. */
const AUDIT_INTERNAL: Table = [
  'audit.Policy: +v1.TypeMeta, +v1.ObjectMeta, Rules []audit.PolicyRule, OmitStages []audit.Stage, OmitManagedFields bool',
  'audit.PolicyRule: Level audit.Level, Users []string, UserGroups []string, Verbs []string, Resources []audit.GroupResources, Namespaces []string, NonResourceURLs []string, OmitStages []audit.Stage, OmitManagedFields *bool',
  'audit.GroupResources: Group string, Resources []string, ResourceNames []string',
  'audit.PolicyList: +v1.TypeMeta, +v1.ListMeta, Items []audit.Policy',
  'audit.Event: +v1.TypeMeta, Level audit.Level, AuditID types.UID, Stage audit.Stage, RequestURI string, Verb string, User v1.UserInfo, ImpersonatedUser *v1.UserInfo, AuthenticationMetadata *audit.AuthenticationMetadata, SourceIPs []string, UserAgent string, ObjectRef *audit.ObjectReference, ResponseStatus *v1.Status, RequestObject *runtime.Unknown, ResponseObject *runtime.Unknown, RequestReceivedTimestamp v1.MicroTime, StageTimestamp v1.MicroTime, Annotations map[string]string',
  'audit.EventList: +v1.TypeMeta, +v1.ListMeta, Items []audit.Event',
  'audit.AuthenticationMetadata: ImpersonationConstraint string',
  'audit.ObjectReference: Resource string, Namespace string, Name string, UID types.UID, APIGroup string, APIVersion string, ResourceVersion string, Subresource string',
];

/** What every API group has. */
const COMMON: Table = [
  'v1.Status: +v1.TypeMeta, metadata v1.ListMeta, status string, message string, reason v1.StatusReason, details *v1.StatusDetails, code int32',
  'v1.StatusDetails: name string, group string, kind string, uid types.UID, causes []v1.StatusCause, retryAfterSeconds int32',
  'v1.StatusCause: reason v1.CauseType, message string, field string',
  'v1.WatchEvent: type string, object runtime.RawExtension',
  'v1.InternalEvent: Type watch.EventType, Object runtime.Object',
  'v1.CreateOptions: +v1.TypeMeta, dryRun []string, fieldManager string, fieldValidation string',
  'v1.UpdateOptions: +v1.TypeMeta, dryRun []string, fieldManager string, fieldValidation string',
  'v1.PatchOptions: +v1.TypeMeta, dryRun []string, force *bool, fieldManager string, fieldValidation string',
  'v1.GetOptions: +v1.TypeMeta, resourceVersion string',
  'v1.ListOptions: +v1.TypeMeta, labelSelector string, fieldSelector string, watch bool, allowWatchBookmarks bool, resourceVersion string, resourceVersionMatch v1.ResourceVersionMatch, timeoutSeconds *int64, limit int64, continue string, sendInitialEvents *bool, shardSelector string',
  'v1.DeleteOptions: +v1.TypeMeta, gracePeriodSeconds *int64, preconditions *v1.Preconditions, orphanDependents *bool, propagationPolicy *v1.DeletionPropagation, dryRun []string, ignoreStoreReadErrorWithClusterBreakingPotential *bool',
  'v1.Preconditions: uid *types.UID, resourceVersion *string',
  'v1.APIVersions: +v1.TypeMeta, versions []string, serverAddressByClientCIDRs []v1.ServerAddressByClientCIDR',
  'v1.ServerAddressByClientCIDR: clientCIDR string, serverAddress string',
  'v1.APIGroupList: +v1.TypeMeta, groups []v1.APIGroup',
  'v1.APIGroup: +v1.TypeMeta, name string, versions []v1.GroupVersionForDiscovery, preferredVersion v1.GroupVersionForDiscovery, serverAddressByClientCIDRs []v1.ServerAddressByClientCIDR',
  'v1.GroupVersionForDiscovery: groupVersion string, version string',
  'v1.APIResourceList: +v1.TypeMeta, groupVersion string, resources []v1.APIResource',
  'v1.APIResource: name string, singularName string, namespaced bool, group string, version string, kind string, verbs v1.Verbs, shortNames []string, categories []string, storageVersionHash string',
];

const DEFINITIONS = new Map(
  [...META, ...AUDIT_V1, ...AUDIT_INTERNAL, ...COMMON].map((line) => {
    const [name = '', fields = ''] = line.split(': ');
    return [name, fields.split(', ')];
  }),
);

const structs = new Map<string, StructType>();

/** By its name, such as `v1.Policy`. */
export function structNamed(name: string): StructType {
  const known = structs.get(name);
  if (known !== undefined) return known;
  const fields = new Map<string, Field>();
  const made: StructType = { kind: 'struct', name, fields };
  structs.set(name, made);
  for (const definition of DEFINITIONS.get(name) ?? []) addField(fields, definition);
  return made;
}

function addField(fields: Map<string, Field>, definition: string): void {
  if (definition.startsWith('+')) {
    const embedded = structNamed(definition.slice(1));
    const via = `${goNameOf(embedded)}.`;
    for (const [key, field] of embedded.fields) fields.set(key, { ...field, via: via + field.via });
    return;
  }
  const [key = '', type = ''] = definition.split(' ');
  fields.set(key.replace('!', ''), { type: typeNamed(type), via: '', always: key.endsWith('!') });
}

/** Without the package. */
export function goNameOf({ name }: StructType): string {
  return name.slice(name.indexOf('.') + 1);
}

const ALIASES: Readonly<Record<string, string>> = { 'v1.ExtraValue': '[]string', 'v1.Verbs': '[]string' };
const SPECIAL: Readonly<Record<string, 'bool' | 'int32' | 'int64' | 'interface' | 'time' | 'micro-time' | 'raw'>> = {
  bool: 'bool',
  int32: 'int32',
  int64: 'int64',
  'runtime.Object': 'interface',
  'v1.Time': 'time',
  'v1.MicroTime': 'micro-time',
  'v1.FieldsV1': 'raw',
  'runtime.Unknown': 'raw',
  'runtime.RawExtension': 'raw',
};

/** A name that nothing is known of is a string's. */
function typeNamed(name: string): GoType {
  const alias = ALIASES[name];
  if (alias !== undefined) return { ...typeNamed(alias), name } as GoType;
  if (name.startsWith('*')) return { kind: 'pointer', name, of: typeNamed(name.slice(1)) };
  if (name.startsWith('[]')) return { kind: 'slice', name, of: typeNamed(name.slice(2)) };
  if (name.startsWith('map[string]')) return { kind: 'map', name, of: typeNamed(name.slice(11)) };
  if (DEFINITIONS.has(name)) return structNamed(name);
  return { kind: SPECIAL[name] ?? 'string', name };
}
