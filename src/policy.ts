/**
 * The package export `kaudit-pipe/policy`: what kube-apiserver makes of an audit policy, for other programs.
 *
 * ```ts
 * import { loadPolicy, matchPolicy } from 'kaudit-pipe/policy';
 *
 * const policy = loadPolicy(readFileSync('policy.yaml'));
 * const { rule, level } = matchPolicy(policy, attributes);
 * ```
 */
export { loadPolicy, PolicyError } from './audit/policy/load.ts';
export { type MatchOptions, matchPolicy } from './audit/policy/match.ts';
export type {
  Attributes,
  Decision,
  GroupResources,
  Level,
  Policy,
  PolicyRule,
  Stage,
} from './audit/policy/policy.ts';
