import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dataDir, generatedLog } from './generate.ts';
import { type Command, cpuSeconds, inPairs, median, type Setting } from './measure.ts';
import { cached, linesIn, loop, ourPipeline, outputs } from './programs.ts';
import { atLeast, atMost, holds, plain, type Row, show } from './report.ts';

const docsPolicy = fileURLToPath(new URL('../samples/policies/docs.yaml', import.meta.url));
const METADATA = { apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules: [{ level: 'Metadata' }] };

/** What an audit policy costs: in front of a filter, and with everything written at a lower level. */
export function comparePolicies({ bytes, pairs }: Setting): Row[] {
  const log = cached(generatedLog('mix', bytes));
  const gigabytes = bytes / 1e9;
  const filter = pipeline('forbidden', log, [{ type: 'forbidden' }]);
  const both = pipeline('policy-forbidden', log, [{ type: 'policy-match', policy: docsPolicy }, { type: 'forbidden' }]);
  const filtered = inPairs(
    pairs,
    () => cpuSeconds(loop(log)),
    () => cpuSeconds(both),
  );
  const alone = median(filtered.map(() => cpuSeconds(filter)));
  const mine = median(filtered.map(([, second]) => second));
  const lowered = inPairs(
    pairs,
    () => cpuSeconds([...loop(log), 'all']),
    () => cpuSeconds(pipeline('policy-metadata', log, [{ type: 'policy-match', policy: METADATA }])),
  );
  const perEvent = ((mine - alone) / linesIn(log)) * 1e6;
  return [
    atLeast('policy: less CPU than the loop, docs policy and forbidden', ratio(filtered.map(swap)), 2.5, ' times'),
    plain('policy: CPU of kaudit-pipe, docs policy and forbidden', show(mine / gigabytes, ' s per GB')),
    plain('policy: CPU of the policy itself for an event', show(perEvent, ' us')),
    atMost('policy: CPU beside the loop, all written at Metadata', ratio(lowered), 0.6, ' times'),
    plain(
      'policy: CPU of kaudit-pipe, all written at Metadata',
      show(median(lowered.map(([, second]) => second)) / gigabytes, ' s per GB'),
    ),
    holds('policy: as many lines at Metadata as were read', linesIn(outputs.ours) === linesIn(log)),
    plain('policy: what is left of the bytes at Metadata', show((statSync(outputs.ours).size / bytes) * 100, ' %')),
  ];
}

function ratio(pairs: readonly (readonly [number, number])[]): number {
  return median(pairs.map(([first, second]) => second / first));
}

function swap([first, second]: readonly [number, number]): readonly [number, number] {
  return [second, first];
}

/** From a log through these transforms into a file. */
function pipeline(name: string, log: string, transforms: readonly object[]): Command {
  const path = join(dataDir, `${name}.json`);
  const sink = { type: 'file', path: outputs.ours, truncate: true, sync: 'end' };
  writeFileSync(path, JSON.stringify({ source: { type: 'files', paths: [log] }, transforms, sinks: [sink] }));
  return ourPipeline(path);
}
