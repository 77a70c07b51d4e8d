/** What is wrong with a YAML text, in the words of kube-apiserver's YAML reader: `yaml: line 3: ...`. */
export class YamlError extends Error {
  /** The line is left out where it is 0: the first line has no number in these texts. */
  constructor(problem: string, line = 0) {
    super(`yaml: ${line === 0 ? '' : `line ${line}: `}${problem}`);
    this.name = 'YamlError';
  }
}
