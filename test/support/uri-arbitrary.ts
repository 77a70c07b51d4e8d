import fc from 'fast-check';

const part = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      ...['api', 'apis', 'v1', 'apps', 'watch', 'proxy', 'namespaces', 'default', 'pods', 'status', 'finalize', 'p1'],
      ...[
        'log',
        '',
        '..',
        'a%2Fb',
        'p%31',
        '%FF',
        '%e2%82',
        '%C3%A9',
        'é',
        'a;b',
        'a:b',
        '%',
        '%zz',
        '*',
        '#',
        '"',
        '\\',
      ],
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 5 }) },
);

const start = fc.constantFrom('/api/v1/', '/apis/apps/v1/', '/api/v1/namespaces/', '/', '//', '', 'http://host/', 'x:');

const option = fc.oneof(
  fc.constantFrom(
    ...['fieldSelector=metadata.name=x', 'fieldSelector=metadata.name%3Dp1', 'fieldSelector=a=b=c', 'limit=500'],
    ...[
      'field%53elector=metadata.name%3Dx',
      'labelSelector=app%3Dx',
      'labelSelector=((',
      'limit=abc',
      'watch=true',
      '',
    ],
    ...['fieldSelector=metadata.name%3D%FF', 'resourceVersion=0', 'a;b', 'fieldSelector=%zz', 'timeoutSeconds=5'],
  ),
  fc.string({ unit: 'binary', maxLength: 6 }),
);

/** Request URIs, true to life and otherwise. */
export const requestURIs: fc.Arbitrary<string> = fc.oneof(
  fc
    .tuple(start, fc.array(part, { maxLength: 8 }), fc.option(fc.array(option, { maxLength: 4 }), { nil: undefined }))
    .map(([before, parts, options]) => `${before}${parts.join('/')}${options ? `?${options.join('&')}` : ''}`),
  fc.string({ unit: 'binary' }),
);
