import { mkdtempSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Policy } from '../../../src/audit/policy/policy.ts';
import { type FollowedPolicy, followFile } from '../../../src/transforms/policy-match/follow-file.ts';
import { recordingLog } from '../../contracts/testing.ts';
import { SteppedClock } from '../../support/stepped-clock.ts';

const HEAD = 'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n';
const ONE = `${HEAD}- level: Metadata\n`;
const TWO = `${HEAD}- level: None\n  users: [a]\n- level: Metadata\n`;
const BAD = `${HEAD}- level: Metadta\n`;
const UNKNOWN = `${HEAD}- level: Metadata\n  verb: [get]\n`;
const REFUSAL =
  'rules[0].level: Unsupported value: "Metadta": supported values: "None", "Metadata", "Request", "RequestResponse"';

interface Followed {
  readonly path: string;
  readonly file: FollowedPolicy;
  /** How many rules the policies had that came into force. */
  readonly used: number[];
  readonly lines: string[];
  /** Writes a version, and waits until the watch has seen it twice. */
  write(text: string): Promise<void>;
  /** Lets so many looks happen. */
  looks(count: number): Promise<unknown>;
}

function followed(t: ExecutionContext, text: string, previous?: Policy): Followed {
  const folder = mkdtempSync(join(tmpdir(), 'kaudit-policy-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'policy.yaml');
  writeFileSync(path, text);
  const clock = new SteppedClock();
  const log = recordingLog();
  const used: number[] = [];
  const use = (policy: Policy) => used.push(policy.rules?.length ?? 0);
  const file = followFile(path, { use, owner: 'pipeline p', log, clock, previous });
  t.teardown(() => file.close());
  const write = async (content: string) => {
    writeFileSync(join(folder, 'new'), content);
    renameSync(join(folder, 'new'), path);
    await clock.steps(2);
  };
  return { path, file, used, lines: log.lines, write, looks: (count) => clock.steps(count) };
}

/** Opened and at rest. */
async function inForce(t: ExecutionContext, text = ONE): Promise<Followed> {
  const policy = followed(t, text);
  await policy.file.open();
  await policy.looks(2);
  return policy;
}

test('uses what the file holds, without a word', async (t) => {
  const { used, lines } = await inForce(t);
  t.deepEqual(used, [1]);
  t.deepEqual(lines, []);
});

test('a good new version takes over, and the change is told', async (t) => {
  const { used, lines, write, path } = await inForce(t);
  await write(TWO);
  t.deepEqual(used, [1, 2]);
  t.deepEqual(lines, [`info: pipeline p: policy ${path} changed: rules 1 -> 2 (1 new)`]);
});

test('a bad new version changes nothing; that is said once for each, and when it is mended', async (t) => {
  const { used, lines, write, looks, path } = await inForce(t);
  await write(BAD);
  await looks(3);
  t.deepEqual(used, [1]);
  const stays = `warn: pipeline p: policy ${path} does not load, the one before stays in force (1 rule)`;
  t.deepEqual(lines, [`${stays}: ${REFUSAL}: from file ${path}`]);
  await write(': [');
  t.is(lines.length, 2);
  t.true(lines[1]?.startsWith(`${stays}: failed decoding: yaml: `), lines[1]);
  await write(TWO);
  t.deepEqual(used, [1, 2]);
  t.deepEqual(lines.slice(2), [`info: pipeline p: policy ${path} is in order again: rules 1 -> 2 (1 new)`]);
  await write(ONE);
  t.deepEqual(lines.slice(3), [`info: pipeline p: policy ${path} changed: rules 2 -> 1 (1 gone)`]);
});

test('what kube-apiserver would warn of is told once for each version', async (t) => {
  const { lines, looks, write, path } = await inForce(t, UNKNOWN);
  await looks(3);
  const warning = 'Audit policy contains errors, falling back to lenient decoding: strict decoding error';
  t.deepEqual(lines, [`warn: pipeline p: policy ${path}: ${warning}: unknown field "rules[0].verb"`]);
  await write(`${UNKNOWN}  lvl: None\n`);
  t.is(
    lines[1],
    `warn: pipeline p: policy ${path}: ${warning}: unknown field "rules[0].lvl", unknown field "rules[0].verb"`,
  );
});

test('a file that stays away leaves the policy in force', async (t) => {
  const { used, lines, looks, path } = await inForce(t);
  unlinkSync(path);
  await looks(4);
  t.deepEqual(lines, [
    `warn: pipeline p: policy ${path} cannot be read any more, what was read stays in force: no such file or directory`,
  ]);
  writeFileSync(path, TWO);
  await looks(2);
  t.deepEqual(used, [1, 2]);
  t.deepEqual(lines.slice(1), [
    `info: pipeline p: policy ${path} can be read again`,
    `info: pipeline p: policy ${path} changed: rules 1 -> 2 (1 new)`,
  ]);
});

test('a policy that does not load fails the opening with the words of kube-apiserver', async (t) => {
  const { file, path, used } = followed(t, BAD);
  await t.throwsAsync(file.open(), { message: `${REFUSAL}: from file ${path}`, code: 'config' });
  t.deepEqual(used, []);
});

test('a failed opening tells also what would only be a warning', async (t) => {
  const { file, lines } = followed(t, `${HEAD}- levl: Metadata\n`);
  await t.throwsAsync(file.open(), { message: /^rules\[0\]\.level: Required value: from file / });
  t.regex(lines.join('\n'), /^warn: pipeline p: policy .*: unknown field "rules\[0\]\.levl"$/);
});

test('a file that is not there fails the opening', async (t) => {
  const { file, path } = followed(t, ONE);
  unlinkSync(path);
  await t.throwsAsync(file.open(), {
    message: `cannot read the policy ${path}: no such file or directory`,
    code: 'config',
  });
});

test('a pipeline that is started again goes on with its policy if the file does not load any more', async (t) => {
  const policy = followed(t, BAD, { rules: [{ level: 'None' }, { level: 'Request' }] });
  await policy.file.open();
  t.deepEqual(policy.used, [2]);
  t.regex(policy.lines.join('\n'), /^warn: .* does not load, the one before stays in force \(2 rules\): /);
  await policy.write(ONE);
  t.deepEqual(policy.used, [2, 1]);
});
