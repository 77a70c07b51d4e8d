/** A part of an error text of kube-apiserver, and the place in the policy that it speaks of. */
export interface Placed {
  readonly path: (string | number)[];
  readonly message: string;
}

/**
 * Takes the text about a policy that does not validate apart: `[rules[0].level: Required value, omitStages[1]: ...]`.
 * Whatever is not of that form is one part about the policy as a whole.
 */
export function placesOf(text: string): readonly Placed[] {
  const isList = text.startsWith('[') && text.endsWith(']');
  const parts = isList ? text.slice(1, -1).split(NEXT_PART) : [text];
  return parts.map((part) => {
    const { field, message } = FIELD.exec(part)?.groups ?? {};
    return field === undefined || message === undefined
      ? { path: [], message: part }
      : { path: pathOf(field), message };
  });
}

const NEXT_PART = /, (?=(?:rules|omitStages)\[\d+\][^ ]*: )/;
const FIELD = /^(?<field>(?:rules|omitStages)\[\d+\][\w.[\]]*): (?<message>.+)$/s;

function pathOf(field: string): (string | number)[] {
  return field.split(/[.[\]]+/).flatMap((part) => (part === '' ? [] : [/^\d+$/.test(part) ? Number(part) : part]));
}
