import test from 'ava';
import { readTestDocument } from '../../../../src/commands/policy/test/document.ts';
import { ConfigError } from '../../../../src/core/errors.ts';

/** The problems of a text, a line each. */
function problemsOf(text: string): readonly string[] {
  try {
    readTestDocument('t.yaml', text);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.split('\n');
  }
}

function withCase(text: string): string {
  return `policy: p.yaml\ncases:\n  - name: a\n    ${text.replaceAll('\n', '\n    ')}\n`;
}

const REQUEST = 'request: { verb: get, uri: /a }';
const EXPECT = 'expect: { drop: true }';

test('a file that is in order is read as it is', (t) => {
  const { value, place } = readTestDocument('t.yaml', withCase(`${REQUEST}\n${EXPECT}`));
  t.deepEqual(value, {
    policy: 'p.yaml',
    cases: [{ name: 'a', request: { verb: 'get', uri: '/a' }, expect: { drop: true } }],
  });
  t.deepEqual(place(['cases', 0]), { line: 3, column: 5 });
});

test('nothing is replaced in recorded events', (t) => {
  const text = withCase(`event: { requestURI: "/a\${HOME}" }\n${EXPECT}`);
  t.is(readTestDocument('t.yaml', text).value.cases[0]?.event?.requestURI, `/a\${HOME}`);
});

const PROBLEMS: readonly (readonly [string, string, string])[] = [
  [
    'an unknown key',
    `${withCase(`${REQUEST}\n${EXPECT}`)}casses: []\n`,
    '6:1 casses: unknown key, did you mean "cases"?',
  ],
  [
    'a mistyped expectation',
    withCase(`${REQUEST}\nexpect: { levl: None }`),
    '5:15 cases[0].expect.levl: unknown key, did you mean "level"?',
  ],
  [
    'a mistyped level',
    withCase(`${REQUEST}\nexpect: { level: Metdata }`),
    '5:22 cases[0].expect.level: must be one of None, Metadata, Request, RequestResponse, did you mean "Metadata"?',
  ],
  ['no cases', 'policy: a\ncases: []\n', '2:8 cases: must have at least 1 entry'],
  ['no policy', 'cases: []\n', '1:1 policy: missing, name an audit policy'],
  ['a case about nothing', withCase(EXPECT), '3:5 cases[0]: add a request, an event or an eventFile'],
  [
    'a case about two things',
    withCase(`${REQUEST}\nevent: {}\n${EXPECT}`),
    '3:5 cases[0]: has request and event, leave one of them',
  ],
  [
    'an expectation of nothing',
    withCase(`${REQUEST}\nexpect: { stage: Panic }`),
    '5:13 cases[0].expect: expects nothing, add level, drop, rule or omitManagedFields',
  ],
  [
    'a contradiction',
    withCase(`${REQUEST}\nexpect: { level: None, drop: false }`),
    '5:13 cases[0].expect: level None and drop false cannot both be true, remove one of them',
  ],
  [
    'an HTTP method',
    withCase(`request: { verb: GET, uri: /a }\n${EXPECT}`),
    '4:22 cases[0].request.verb: must be a verb as events have it, in lower case',
  ],
  [
    'a request for nothing',
    withCase(`request: { verb: get }\n${EXPECT}`),
    '4:14 cases[0].request: says nothing about the object, add uri or resource',
  ],
  [
    'the object twice',
    withCase(`request: { verb: get, uri: /a, name: a }\n${EXPECT}`),
    '4:42 cases[0].request.name: stands in the uri already, remove one of the two',
  ],
  [
    'a subresource behind a slash',
    withCase(`request: { verb: get, resource: pods/log }\n${EXPECT}`),
    '4:37 cases[0].request.resource: write what is behind the / as subresource',
  ],
  [
    'the name of what is created',
    withCase(`request: { verb: create, resource: pods, name: a }\n${EXPECT}`),
    '4:52 cases[0].request.name: a create has no name in its path, so a policy sees none: remove it',
  ],
  [
    'an address instead of a path',
    withCase(`request: { verb: get, uri: "https://a/b" }\n${EXPECT}`),
    '4:32 cases[0].request.uri: must begin with /',
  ],
  [
    'a version without quotes',
    `kubernetesVersion: 1.30\n${withCase(`${REQUEST}\n${EXPECT}`)}`,
    '1:20 kubernetesVersion: must be a version in quotes, such as "1.33"',
  ],
  ['what is not YAML', 'policy: [\n', '2:1 not valid YAML'],
  [
    'a second document',
    `${withCase(`${REQUEST}\n${EXPECT}`)}---\na: 1\n`,
    '6:1 a test file holds one document, move what follows "---"',
  ],
  [
    'a key that is given twice',
    `policy: a\n${withCase(`${REQUEST}\n${EXPECT}`)}`,
    '2:1 policy: the key is given twice, remove one of them',
  ],
  ['an alias of nothing', 'policy: *a\n', '1:9 policy: the alias *a has no anchor'],
  ['an empty file', '', '1:1 empty, expected keys and values'],
];

for (const [what, text, expected] of PROBLEMS) {
  test(`refuses ${what}, with its place`, (t) => {
    const problems = problemsOf(text);
    t.true(
      problems.some((problem) => problem.startsWith(`t.yaml:${expected}`)),
      problems.join('\n'),
    );
  });
}

test('a second document is one problem', (t) => {
  t.is(problemsOf(`${withCase(`${REQUEST}\n${EXPECT}`)}---\na: 1\n`).length, 1);
});

test('where a key is mistyped, nothing is said of what is missing there', (t) => {
  t.deepEqual(problemsOf(withCase(`request: { verb: get, ur: /a }\nexpect: { levl: None }`)), [
    't.yaml:4:27 cases[0].request.ur: unknown key, did you mean "uri"?',
    't.yaml:5:15 cases[0].expect.levl: unknown key, did you mean "level"?',
  ]);
});

test('all problems come at once, in the order of their lines', (t) => {
  const places = problemsOf('policy: 1\ncases:\n  - nam: a\n    expect: {}\nmore: 1\n').map(
    (problem) => problem.split(' ')[0],
  );
  t.true(places.length >= 4);
  t.deepEqual(places, [...places].sort());
});

test('aliases that grow without end are refused', (t) => {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let i = 1; i < 9; i++)
    lines.push(
      `a${i}: &a${i} [${Array(10)
        .fill(`*a${i - 1}`)
        .join(', ')}]`,
    );
  t.regex(problemsOf(`${lines.join('\n')}\n`).join('\n'), /^t\.yaml .*alias/);
});
