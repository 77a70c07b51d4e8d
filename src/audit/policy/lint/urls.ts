import { type Desk, quote, type RuleSource, type Word } from './source.ts';

/** nonResourceURLs: what is refused, and what no such request can have for a path. */
export function checkUrls(rule: RuleSource, desk: Desk): void {
  const { nonResourceURLs, resources, namespaces, level } = rule;
  if (nonResourceURLs === undefined || nonResourceURLs.items.length === 0) return;
  const other = [['resources', resources] as const, ['namespaces', namespaces] as const].find(
    ([, list]) => list !== undefined && list.items.length > 0,
  );
  if (other !== undefined) {
    desk.report('url-with-resources', nonResourceURLs, {
      message: `a rule is about resources or about URLs, this one has ${quote(other[0])} too: kube-apiserver does not start with it`,
      instead: 'split it into two rules',
    });
  }
  for (const word of nonResourceURLs.items) checkUrl(word, desk);
  if (level?.value === 'Request' || level?.value === 'RequestResponse') {
    desk.report('url-bodies', level, {
      message: `no body of a request to a non-resource URL is ever recorded: ${level.value} is the same as Metadata here`,
      instead: 'write level: Metadata',
    });
  }
}

function checkUrl(word: Word, desk: Desk): void {
  const url = word.value;
  if (url !== '*' && !url.startsWith('/')) {
    const path = /^https?:\/\/[^/]+(?<path>\/.*)$/.exec(url)?.groups?.path ?? `/${url}`;
    desk.report('url-without-slash', word, {
      message: `${quote(url)} does not begin with a slash: kube-apiserver does not start with it`,
      instead: `write ${quote(path.replace(/\*(?!$)/g, ''))}`,
    });
  }
  const star = url.indexOf('*');
  if (star >= 0 && star < url.length - 1) {
    desk.report('url-wildcard', word, {
      message: `a * can only be the last character of a URL: kube-apiserver does not start with ${quote(url)}`,
      instead: `write ${quote(`${url.slice(0, star + 1)}`)}, or each path by itself`,
    });
  } else if (/[?#]|%[0-9a-f]{2}/i.test(url)) {
    desk.report('url-query', word, {
      message: `${quote(url)} is compared with the decoded path of a request, without its query: it matches nothing`,
      instead: `write ${quote(decoded(url.replace(/[?#].*$/, '')))}`,
    });
  } else checkResourcePath(word, desk);
}

/** `/api/v1/pods` and `/apis/apps/v1/deployments`: whatever is below a version is a resource. */
function checkResourcePath(word: Word, desk: Desk): void {
  const parts = word.value.replace(/^\/+|\/+$/g, '').split('/');
  const depth = parts[0] === 'api' ? 2 : parts[0] === 'apis' ? 3 : 0;
  if (depth === 0 || parts.length <= depth) return;
  const isAll = parts.length === depth + 1 && parts.at(-1) === '*';
  const group = depth === 2 ? '' : (parts[1] ?? '');
  const resource = parts[depth] === 'namespaces' ? (parts[depth + 2] ?? 'namespaces') : (parts[depth] ?? '');
  const name = resource.replace(/\*$/, '');
  desk.report('url-of-a-resource', word, {
    severity: isAll ? 'warning' : 'error',
    message: `${quote(word.value)} is a path of resources, which nonResourceURLs do not match: ${isAll ? 'this is the list of the resources of a version alone' : 'it matches nothing'}`,
    instead: `write resources: [{ group: ${quote(group)}${name === '' ? '' : `, resources: [${quote(name)}]`} }]`,
  });
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
