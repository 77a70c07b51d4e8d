import { LEVELS, STAGES } from '../policy.ts';
import { type Desk, type PolicySource, quote, type RuleSource, type WordList } from './source.ts';

/** The parts with words of their own: version, kind, levels, stages, and that there are rules. */
export function checkDeclarations(policy: PolicySource, desk: Desk): void {
  checkVersion(policy, desk);
  checkKind(policy, desk);
  checkStageNames(policy.omitStages, desk);
  if (policy.rules.length === 0) {
    desk.report('no-rules', policy.rulesAt, {
      message: 'the policy has no rules: kube-apiserver does not start with it',
      instead: 'write at least "rules: [{ level: Metadata }]"',
    });
  }
  for (const rule of policy.rules) {
    checkLevel(rule, desk);
    checkStageNames(rule.omitStages, desk);
  }
}

const VERSION = 'audit.k8s.io/v1';

function checkVersion({ apiVersion, rulesAt }: PolicySource, desk: Desk): void {
  const value = apiVersion?.value ?? '';
  if (value === VERSION) return;
  const old = /^audit\.k8s\.io\/v1(alpha|beta)1$/.test(value) ? ', which Kubernetes 1.24 removed' : '';
  desk.report('api-version', apiVersion ?? { start: 0, end: rulesAt.end - rulesAt.start }, {
    message:
      value === ''
        ? 'the file has no apiVersion: kube-apiserver does not start with it'
        : `the apiVersion is ${quote(value)}${old}: kube-apiserver does not start with it`,
    instead: `write apiVersion: ${VERSION}`,
  });
}

function checkKind({ kind, rulesAt }: PolicySource, desk: Desk): void {
  if (kind?.value === 'Policy') return;
  if (kind === undefined || kind.value === '') {
    desk.report('kind-missing', kind ?? { start: 0, end: rulesAt.end - rulesAt.start }, {
      message: 'the file has no kind: kube-apiserver takes it for a Policy, other tools may not',
      instead: 'write kind: Policy',
    });
    return;
  }
  desk.report('kind', kind, {
    message: `the kind is ${quote(kind.value)}: kube-apiserver does not start with it`,
    instead: 'write kind: Policy',
  });
}

function checkLevel(rule: RuleSource, desk: Desk): void {
  const { level } = rule;
  if (level === undefined || level.value === '') {
    desk.report('level-missing', level ?? rule, {
      message: 'the rule has no level: kube-apiserver does not start with it',
      instead: `write one of "level: ${LEVELS.join('", "level: ')}"`,
    });
  } else if (!LEVELS.some((known) => known === level.value)) {
    const meant = desk.suggest(level.value.trim(), LEVELS);
    desk.report('unknown-level', level, {
      message: `there is no level ${quote(level.value)}: kube-apiserver does not start with it`,
      instead: meant === undefined ? `write one of ${LEVELS.join(', ')}` : `write level: ${meant}`,
    });
  }
}

function checkStageNames(list: WordList | undefined, desk: Desk): void {
  for (const stage of list?.items ?? []) {
    if (STAGES.some((known) => known === stage.value)) continue;
    const meant = desk.suggest(stage.value.trim(), STAGES);
    desk.report('unknown-stage', stage, {
      message: `there is no stage ${quote(stage.value)}: kube-apiserver does not start with it`,
      instead: meant === undefined ? `write one of ${STAGES.join(', ')}` : `write ${meant}`,
    });
  }
}
