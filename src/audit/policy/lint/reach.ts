import { Budget, covers, singleCover } from './cover.ts';
import { ANY_OBJECT, OTHER, type RequestSet, type RuleMatch, ruleMatch, setsOf } from './request-sets.ts';
import { RuleIndex } from './rule-index.ts';
import { type Desk, type PolicySource, quote, type RuleSource, type Word, type WordList } from './source.ts';
import { stagesOf } from './stages.ts';

/** Rules and entries that decide nothing, and requests that no rule decides. What is reported here is certain. */
export function checkReach(policy: PolicySource, matches: readonly RuleMatch[], desk: Desk): void {
  if (policy.rules.length === 0) return;
  const budget = new Budget();
  const entryBudget = new Budget();
  const above = new RuleIndex();
  let recorded = false;
  for (const match of matches) {
    if (!isUnreachable(match, { above, policy, desk, budget })) {
      recorded ||= match.rule.level?.value !== 'None';
      checkEntries(match, { above, desk, budget: entryBudget });
    }
    above.add(match);
  }
  checkCatchAll(above, { last: matches.at(-1)?.rule, desk, budget: new Budget() });
  if (!recorded) sayNothingRecorded(policy, desk);
  if (budget.spent || entryBudget.spent) sayTooMany(policy, desk);
}

function sayNothingRecorded(policy: PolicySource, desk: Desk): void {
  desk.report('nothing-recorded', policy.rulesAt, {
    message: 'no rule that is ever reached has another level than None: nothing is recorded at all',
    instead: 'give the rules for what you want to see the level Metadata, Request or RequestResponse',
  });
}

function sayTooMany(policy: PolicySource, desk: Desk): void {
  desk.report('too-many-rules', policy.rulesAt, {
    message:
      'the rules and their lists are too many to find every rule and entry that is never reached: some may be missing here',
    instead: 'nothing, the policy works as it is; fewer and shorter rules can be checked to the end',
  });
}

interface Surroundings {
  readonly above: RuleIndex;
  readonly desk: Desk;
  readonly budget: Budget;
}

/** Whether rules above decide all that this one matches, and which of them does so alone. */
function coverOf(
  match: RuleMatch,
  { above, budget }: Surroundings,
): { readonly single: RuleSource | undefined } | undefined {
  const sets = setsOf(match);
  if (sets.length === 0) return undefined;
  for (const set of sets) if (budget.spent || !covers(above.candidates(set), set, budget)) return undefined;
  const [first] = sets;
  return { single: first && singleCover(above.candidates(first), sets, budget)?.rule };
}

function isUnreachable(
  match: RuleMatch,
  { policy, ...surroundings }: Surroundings & { readonly policy: PolicySource },
): boolean {
  const { desk } = surroundings;
  const { rule } = match;
  const cover = coverOf(match, surroundings);
  if (cover === undefined) return false;
  const { single } = cover;
  const who = single === undefined ? 'the rules above together match' : `${desk.nameOf(single)} matches`;
  if (single !== undefined && sameDecision(single, rule, { policy })) {
    desk.report('redundant-rule', rule, {
      message: `this rule decides nothing: ${who} everything that it matches, and decides the same`,
      instead: 'remove it',
    });
    return true;
  }
  const level = single?.level === undefined ? '' : `, with the level ${single.level.value}`;
  desk.report('unreachable-rule', rule, {
    message: `this rule decides nothing: ${who} everything that it matches${level}, and the first rule that matches decides`,
    instead: single === undefined ? 'move it up, or remove it' : `move it above ${desk.nameOf(single)}, or remove it`,
  });
  return true;
}

function sameDecision(a: RuleSource, b: RuleSource, { policy }: { readonly policy: PolicySource }): boolean {
  const stages = (rule: RuleSource) => [...stagesOf(policy, rule)].sort().join();
  const managed = (rule: RuleSource) => rule.omitManagedFields ?? policy.omitManagedFields ?? false;
  if (a.level?.value !== b.level?.value) return false;
  return a.level?.value === 'None' || (stages(a) === stages(b) && managed(a) === managed(b));
}

const EVERYBODY = { users: [OTHER], groups: [OTHER], verbs: [OTHER] } as const;
const RESOURCES: RequestSet = { of: 'resources', ...EVERYBODY, namespaces: [OTHER], objects: [ANY_OBJECT] };
const URLS: RequestSet = { of: 'urls', ...EVERYBODY, paths: [OTHER] };

function checkCatchAll(
  rules: RuleIndex,
  { last, desk, budget }: { readonly last: RuleSource | undefined; readonly desk: Desk; readonly budget: Budget },
): void {
  const resources = covers(rules.candidates(RESOURCES), RESOURCES, budget);
  const urls = covers(rules.candidates(URLS), URLS, budget);
  if (last === undefined || budget.spent || (resources && urls)) return;
  const one = resources ? 'requests to other URLs than those of resources' : 'requests to resources';
  desk.report('no-catch-all', last, {
    message: `there are ${resources || urls ? one : 'requests'} that no rule matches, and what no rule matches is not recorded`,
    instead: 'end the rules with "- level: Metadata"; or with "- level: None", if the rest is not wanted',
  });
}

const LISTS = ['users', 'userGroups', 'verbs', 'namespaces', 'nonResourceURLs'] as const;

/** Each entry of a list as a rule of its own. */
function checkEntries({ rule }: RuleMatch, surroundings: Surroundings): void {
  for (const name of LISTS) {
    const list = rule[name];
    if (list === undefined || list.items.length < 2) continue;
    for (const word of list.items) checkEntry({ ...rule, [name]: only(list, word) }, { ...surroundings, word });
  }
  const groups = rule.resources?.items ?? [];
  for (const group of groups) {
    const words = group.resources?.items ?? [];
    if (groups.length + words.length < 3) continue;
    for (const word of words) {
      const items = [{ ...group, resources: { start: word.start, end: word.end, items: [word] } }];
      checkEntry({ ...rule, resources: { start: group.start, end: group.end, items } }, { ...surroundings, word });
    }
  }
}

function only(list: WordList, word: Word): WordList {
  return { ...list, items: [word] };
}

function checkEntry(part: RuleSource, { word, ...surroundings }: Surroundings & { readonly word: Word }): void {
  const { desk } = surroundings;
  const cover = coverOf(ruleMatch(part), surroundings);
  if (cover === undefined) return;
  const who = cover.single === undefined ? 'the rules above together match' : `${desk.nameOf(cover.single)} matches`;
  desk.report('unreachable-entry', word, {
    message: `${quote(word.value)} decides nothing in this rule: ${who} everything that it adds`,
    instead: 'remove it here, or there',
  });
}
