import type { Kind } from '../core/component.ts';
import type { Component } from './check-component.ts';
import type { Finding } from './findings.ts';

/**
 * Gives every component a name of its own: the one in the file, or its type, `type-2` and so on in the order of the
 * file. Names that were chosen win, wherever they stand; one that was chosen twice is reported.
 */
export function nameAll<K extends Kind>(
  components: readonly (Component<K> | undefined)[],
  findings: Finding[],
): ReadonlyMap<Component<K>, string> {
  const names = new Map<Component<K>, string>();
  const taken = new Set<string>();
  for (const component of components) {
    const name = component?.common.name;
    if (component === undefined || name === undefined) continue;
    if (taken.has(name)) {
      const message = `"${name}" is the name of another ${component.spec.kind}, names are unique in a pipeline`;
      findings.push({ path: [...component.path, 'name'], at: 'value', message });
    }
    taken.add(name);
    names.set(component, name);
  }
  for (const component of components) {
    if (component === undefined || names.has(component)) continue;
    let name = component.spec.type;
    for (let count = 2; taken.has(name); count++) name = `${component.spec.type}-${count}`;
    taken.add(name);
    names.set(component, name);
  }
  return names;
}
