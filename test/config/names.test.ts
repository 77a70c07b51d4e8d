import test from 'ava';
import fc from 'fast-check';
import type { Component } from '../../src/config/check-component.ts';
import { type Finding, pathText } from '../../src/config/findings.ts';
import { nameAll } from '../../src/config/names.ts';
import { holds } from '../support/property.ts';
import { components as specs } from './specs.ts';

const words = ['stdout', 'file', 'web', 'file-2', 'x'] as const;

function sink(type: string, index: number, name?: string): Component<'sink'> {
  const spec = specs.find((one) => one.kind === 'sink' && one.type === type) as Component<'sink'>['spec'];
  const common = { type, ...(name === undefined ? {} : { name }) } as Component<'sink'>['common'];
  return { path: ['sinks', index], spec, config: {}, common };
}

/** Names of sinks, each written as its type or as `type:name`; an empty text is one that was refused. */
function named(...written: readonly string[]) {
  const findings: Finding[] = [];
  const sinks = written.map((text, index) => {
    const [type = '', name] = text.split(':');
    return text === '' ? undefined : sink(type, index, name);
  });
  const names = nameAll(sinks, findings);
  return {
    names: sinks.map((one) => (one === undefined ? undefined : names.get(one))),
    found: findings.map(({ path, message }) => `${pathText(path)}: ${message}`),
  };
}

test('a component is called by its type, and the next one by the type and a number', (t) => {
  t.deepEqual(named('file', 'stdout', 'file', 'file').names, ['file', 'stdout', 'file-2', 'file-3']);
});

test('a name that was chosen wins, wherever it stands', (t) => {
  t.deepEqual(named('file', 'file', 'stdout:file', 'web:file-2').names, ['file-3', 'file-4', 'file', 'file-2']);
});

test('a name that was chosen twice is reported at the second place', (t) => {
  t.deepEqual(named('file:x', 'stdout', 'web:x').found, [
    'sinks[2].name: "x" is the name of another sink, names are unique in a pipeline',
  ]);
});

test('a component that was refused takes no name', (t) => {
  t.deepEqual(named('', 'file', '').names, [undefined, 'file', undefined]);
});

test('every component gets a name of its own unless one was chosen twice', async (t) => {
  const type = fc.constantFrom('stdout', 'file', 'web');
  const written = fc.tuple(type, fc.option(fc.constantFrom(...words), { freq: 2 })).map(([kind, name]) => {
    return name === null ? kind : `${kind}:${name}`;
  });
  const property = fc.property(fc.array(written, { maxLength: 8 }), (list) => {
    const { names, found } = named(...list);
    const chosen = list.flatMap((text) => text.split(':').slice(1));
    t.is(found.length, chosen.length - new Set(chosen).size);
    t.is(new Set(names).size, list.length - found.length);
    for (const [index, text] of list.entries()) if (text.includes(':')) t.is(names[index], text.split(':')[1]);
  });
  await holds(t, property);
});
