import { spawnSync } from 'node:child_process';
import { generatedLog, longLine } from './generate.ts';
import { type Command, cpuSeconds, firstOutputMs, inPairs, median, peakBytes, type Setting } from './measure.ts';
import { comparePolicies } from './policy.ts';
import { measureHostile, measureRules } from './policy-events.ts';
import { areSame, cached, linesIn, loop, ours, outputs, printVersion } from './programs.ts';
import { absent, atLeast, atMost, holds, plain, type Row, show } from './report.ts';

/** What is measured, by the name that `--only` takes. */
export const cases: Readonly<Record<string, (setting: Setting) => Row[] | Promise<Row[]>>> = {
  mix: (setting) => compareFilter('mix', 3.5, setting),
  metadata: (setting) => compareFilter('metadata', 1.7, setting),
  stdin: compareStdin,
  everything: compareEverything,
  policy: comparePolicies,
  'policy-rules': measureRules,
  'policy-hostile': measureHostile,
  memory: measureMemory,
  'long-line': measureLongLine,
  start: measureStart,
  others: measureOthers,
};

function compareFilter(kind: 'mix' | 'metadata', bar: number, { bytes, pairs }: Setting): Row[] {
  const log = cached(generatedLog(kind, bytes));
  const filter = ours('--codes', '>400', '--output', outputs.ours, log);
  const times = inPairs(
    pairs,
    () => cpuSeconds(loop(log)),
    () => cpuSeconds(filter),
  );
  const [theirs, mine] = [median(times.map(([first]) => first)), median(times.map(([, second]) => second))];
  const gigabytes = bytes / 1e9;
  return [
    atLeast(`${kind}: less CPU than the loop`, median(times.map(([a, b]) => a / b)), bar, ' times'),
    plain(`${kind}: CPU of the loop`, show(theirs / gigabytes, ' s per GB')),
    plain(`${kind}: CPU of kaudit-pipe`, show(mine / gigabytes, ' s per GB')),
    plain(`${kind}: CPU of kaudit-pipe for an event`, show((mine / linesIn(log)) * 1e6, ' us')),
    holds(`${kind}: the lines of the loop, byte for byte`, areSame(outputs.loop, outputs.ours)),
  ];
}

function compareStdin({ bytes, pairs }: Setting): Row[] {
  const log = cached(generatedLog('mix', bytes));
  const times = inPairs(
    pairs,
    () => cpuSeconds(ours('--output', outputs.ours, log)),
    () => cpuSeconds(ours('--output', outputs.ours), { stdin: [log] }),
  );
  const more = median(times.map(([file, pipe]) => pipe - file)) / (bytes / 1e9);
  return [atMost('stdin: more CPU than from the file', more, 0.5, ' s per GB')];
}

/** Both write every line; what the writing alone costs, which is the same for any program, `cp` tells. */
function compareEverything({ bytes, pairs }: Setting): Row[] {
  const log = cached(generatedLog('mix', bytes));
  const times = inPairs(
    pairs,
    () => cpuSeconds([...loop(log), 'all']),
    () => cpuSeconds(ours('--all', '--output', outputs.ours, log)),
  );
  const same = areSame(log, outputs.ours);
  const [reading, copying] = [cpuSeconds(loop(log)), cpuSeconds(['cp', log, outputs.ours])];
  const unwritten = cpuSeconds(ours('--all', '--output', '/dev/null', log));
  const gigabytes = bytes / 1e9;
  return [
    atMost('everything: CPU beside the loop', median(times.map(([a, b]) => b / a)), 0.5, ' times'),
    plain('everything: CPU of the loop', show(median(times.map(([first]) => first)) / gigabytes, ' s per GB')),
    plain('everything: CPU of kaudit-pipe', show(median(times.map(([, second]) => second)) / gigabytes, ' s per GB')),
    plain('everything: CPU of kaudit-pipe to /dev/null', show(unwritten / gigabytes, ' s per GB')),
    plain('everything: CPU of the loop that writes only what was refused', show(reading / gigabytes, ' s per GB')),
    plain('everything: CPU of cp', show(copying / gigabytes, ' s per GB')),
    holds('everything: the output is the input', same),
  ];
}

async function measureMemory({ pairs }: Setting): Promise<Row[]> {
  const log = cached(generatedLog('mix', 100e6));
  const times = (count: number): Command => ours('--output', outputs.ours, ...Array.from({ length: count }, () => log));
  const [once, half, whole] = [await peakBytes(times(1)), await peakBytes(times(20)), await peakBytes(times(40))];
  const growth = inPairs(
    pairs,
    () => cpuSeconds(times(4)),
    () => cpuSeconds(times(16)),
  );
  return [
    atMost('memory: peak for 100 MB', once / 1e6, 150, ' MB'),
    atMost('memory: peak for the same forty times', whole / 1e6, 150, ' MB'),
    atMost('memory: peak for forty times beside twenty', whole / half, 1.1, ' times'),
    atMost('memory: CPU for sixteen times beside four', median(growth.map(([a, b]) => b / a)), 4.4, ' times'),
  ];
}

function measureLongLine({ pairs }: Setting): Row[] {
  const [half, whole] = [cached(longLine(32e6)), cached(longLine(64e6))];
  const times = inPairs(
    pairs,
    () => cpuSeconds(ours('--all', '--output', outputs.ours, half)),
    () => cpuSeconds(ours('--all', '--output', outputs.ours, whole)),
  );
  return [
    atMost('long-line: CPU for 64 MB beside 32 MB', median(times.map(([a, b]) => b / a)), 2.5, ' times'),
    plain('long-line: CPU for one of 64 MB', show(median(times.map(([, second]) => second)), ' s')),
  ];
}

const REFUSED =
  '{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"1","stage":"ResponseComplete",' +
  '"requestURI":"/api","verb":"get","user":{},"responseStatus":{"metadata":{},"code":403},' +
  '"requestReceivedTimestamp":"2026-11-21T00:00:00.000000Z","stageTimestamp":"2026-11-21T00:00:00.000000Z"}\n';

async function measureStart({ pairs }: Setting): Promise<Row[]> {
  const version: number[] = [];
  const first: number[] = [];
  for (let i = 0; i < pairs * 2 + 1; i++) {
    version.push(await firstOutputMs(printVersion, ''));
    first.push(await firstOutputMs(ours(), REFUSED));
  }
  return [
    atMost('start: --version', median(version), 100, ' ms'),
    atMost('start: first output for a short stdin', median(first), 250, ' ms'),
  ];
}

function measureOthers(): Row[] {
  const log = cached(generatedLog('mix', 100e6));
  const others: [string, Command][] = [
    ['jq', ['jq', '-c', 'select(.responseStatus.code > 400)', log]],
    ['grep', ['grep', '-E', '"code":(40[1-9]|4[1-9][0-9]|5[0-9][0-9])', log]],
  ];
  return others.map(([name, command]) =>
    spawnSync(name, ['--version']).status === 0
      ? plain(`others: CPU of ${name}, on 100 MB of the mix`, show(cpuSeconds(command) / 0.1, ' s per GB'))
      : absent(`others: CPU of ${name}`, 'not installed'),
  );
}
