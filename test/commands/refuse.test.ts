import test from 'ava';
import { noPipelineFile, refuse } from '../../src/commands/refuse.ts';
import { ConfigError, KauditError } from '../../src/core/errors.ts';

function refused(error: unknown) {
  const said: string[] = [];
  return { code: refuse(error, { write: (text) => said.push(text) }), said: said.join('') };
}

test('what can be written differently is 2, anything else 1', (t) => {
  for (const code of ['usage', 'source-open', 'config'] as const) t.is(refused(new KauditError(code, 'x')).code, 2);
  for (const error of [new KauditError('sink-write', 'x'), new TypeError('x'), 'x']) t.is(refused(error).code, 1);
});

test('every problem of a command line has the prefix of an error', (t) => {
  t.is(
    refused(new KauditError('usage', '--codes: wrong\n--stages: wrong')).said,
    'kaudit-pipe: error: --codes: wrong\nkaudit-pipe: error: --stages: wrong\n',
  );
});

test('a problem of a pipeline file begins with its place', (t) => {
  const place = { file: 'a.yaml', line: 2, column: 5 };
  const problems = [
    { ...place, path: 'sinks', message: 'wrong' },
    { file: 'b.yaml', path: '', message: 'cannot be read' },
  ];
  t.deepEqual(refused(new ConfigError(problems)), {
    code: 2,
    said: 'a.yaml:2:5 sinks: wrong\nb.yaml cannot be read\n',
  });
});

test('a command without the pipeline file it needs shows what to write', (t) => {
  t.deepEqual(refused(noPipelineFile('check')), {
    code: 2,
    said: 'kaudit-pipe: error: name a pipeline file or a folder of them: kaudit-pipe check FILE\n',
  });
});
