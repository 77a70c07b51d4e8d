import { STAGES } from '../policy.ts';
import { type Desk, type PolicySource, quote, type RuleSource, valuesOf, type WordList } from './source.ts';

/** All stages that a rule does not record, the policy's included. */
export function stagesOf(policy: PolicySource, rule?: RuleSource): ReadonlySet<string> {
  return new Set([...valuesOf(policy.omitStages), ...valuesOf(rule?.omitStages)]);
}

/** Stages that are missed when they are omitted. */
export function checkStages(policy: PolicySource, desk: Desk): void {
  const { omitStages } = policy;
  if (omitStages !== undefined) {
    checkOmitted(omitStages, { all: stagesOf(policy), whose: 'the policy', failedLogins: true, desk });
  }
  for (const rule of policy.rules) {
    if (rule.omitStages === undefined || rule.omitStages.items.length === 0) continue;
    if (rule.level?.value === 'None') {
      desk.report('stages-of-none', rule.omitStages, {
        message: 'a rule with the level None records nothing at any stage: "omitStages" changes nothing',
        instead: 'remove "omitStages" here, or give the rule another level',
      });
      continue;
    }
    const anybody = [rule.users, rule.userGroups].every((list) => list === undefined || list.items.length === 0);
    checkOmitted(rule.omitStages, { all: stagesOf(policy, rule), whose: 'the rule', failedLogins: anybody, desk });
  }
}

interface Omitted {
  readonly all: ReadonlySet<string>;
  readonly whose: string;
  /** Nobody is logged in then: rules for certain users or groups do not match them. */
  readonly failedLogins: boolean;
  readonly desk: Desk;
}

function checkOmitted(list: WordList, { all, whose, failedLogins, desk }: Omitted): void {
  const usual = STAGES.filter((stage) => stage !== 'Panic');
  if (usual.every((stage) => all.has(stage))) {
    desk.report('every-stage-omitted', list, {
      message: `${quote('omitStages')} leaves no stage but Panic: of what ${whose} matches nothing is recorded`,
      instead: 'write level: None if nothing is wanted, else omit RequestReceived alone',
    });
    return;
  }
  const complete = list.items.find(({ value }) => value === 'ResponseComplete');
  if (complete !== undefined) {
    desk.report('response-complete-omitted', complete, {
      message: `the response code stands in the event of the stage ResponseComplete: without it nobody sees what came of a request, and forbidden requests (403) cannot be found`,
      instead: 'omit RequestReceived instead, which says nothing that ResponseComplete does not say',
    });
  }
  const started = list.items.find(({ value }) => value === 'ResponseStarted');
  if (started !== undefined && failedLogins) {
    desk.report('response-started-omitted', started, {
      message:
        'a failed authentication (401) is recorded at the stage ResponseStarted alone: without it such requests leave no trace, and a watch only leaves one when it ends',
      instead: 'keep ResponseStarted, or omit it in rules for certain users or groups alone',
    });
  }
}
