import { z } from 'zod';
import { LEVELS, STAGES } from '../../../audit/policy/policy.ts';

const NOT_A_POLICY = 'must be the path of an audit policy, or the policy itself';
const VERSION = 'must be a version in quotes, such as "1.33"';
const name = z.string().min(1, { error: 'must not be empty' });

/** What a resource request is about, in the words of a policy; or a path, in which all of it stands. */
const RESOURCE_KEYS = ['resource', 'subresource', 'apiGroup', 'apiVersion', 'namespace', 'name'] as const;

const request = z
  .strictObject({
    verb: z
      .string()
      .regex(/^[^A-Z\s]+$/, { error: 'must be a verb as events have it, in lower case: get, list, watch, create ...' })
      .describe('as in an event: get, list, watch, create, update, patch, delete, deletecollection ...'),
    uri: z
      .string()
      .startsWith('/', { error: 'must begin with /' })
      .optional()
      .describe('path and query, as in an event'),
    resource: name.optional().describe('instead of `uri`'),
    subresource: name.optional(),
    apiGroup: z.string().optional().describe('default: the core group'),
    apiVersion: z.string().optional(),
    namespace: z.string().optional(),
    name: name.optional(),
    user: z.string().optional().describe('without it nobody was authenticated'),
    groups: z.array(z.string()).optional().describe('default: what every user like this is in'),
  })
  .superRefine((value, context) => {
    const problem = (message: string, path: string[] = []) => context.addIssue({ code: 'custom', message, path });
    if (value.uri !== undefined) {
      for (const key of RESOURCE_KEYS) {
        if (value[key] !== undefined) problem('stands in the uri already, remove one of the two', [key]);
      }
      return;
    }
    if (value.resource === undefined) problem('says nothing about the object, add uri or resource');
    if (value.resource?.includes('/')) problem('write what is behind the / as subresource', ['resource']);
    const nameless = value.subresource === undefined && ['create', 'deletecollection'].includes(value.verb);
    if (nameless && value.name !== undefined) {
      problem(`a ${value.verb} has no name in its path, so a policy sees none: remove it`, ['name']);
    }
  });

const expectation = z
  .strictObject({
    level: z.enum(LEVELS).optional().describe('written at this level; None: not written'),
    drop: z.boolean().optional().describe('true: not written, for its level or its stage; false: written'),
    rule: z
      .union([z.int().min(0), z.literal('none')])
      .optional()
      .describe('the rule that decides, counted from 0; none: no rule matches'),
    omitManagedFields: z.boolean().optional(),
    stage: z.enum(STAGES).optional().describe("default: ResponseComplete, or the event's own"),
  })
  .superRefine(({ level, drop, rule, omitManagedFields }, context) => {
    const problem = (message: string) => context.addIssue({ code: 'custom', message, path: [] });
    if ([level, drop, rule, omitManagedFields].every((one) => one === undefined)) {
      problem('expects nothing, add level, drop, rule or omitManagedFields');
    }
    if (level !== undefined && drop !== undefined && (level === 'None') !== drop) {
      problem(`level ${level} and drop ${drop} cannot both be true, remove one of them`);
    }
  });

const WAYS = ['request', 'event', 'eventFile'] as const;

const testCase = z
  .strictObject({
    name,
    request: request.optional(),
    event: z.record(z.string(), z.unknown()).optional().describe('an event as kube-apiserver writes it'),
    eventFile: name.optional().describe('a log; each of its events has to be decided as expected'),
    expect: expectation,
  })
  .superRefine((value, context) => {
    const given = WAYS.filter((way) => value[way] !== undefined);
    if (given.length === 1) return;
    const message =
      given.length === 0 ? 'add a request, an event or an eventFile' : `has ${given.join(' and ')}, leave one of them`;
    context.addIssue({ code: 'custom', message, path: [] });
  });

/** A file for `kaudit-pipe policy test`. */
export const testFileSchema = z.strictObject({
  policy: z
    .union([name, z.record(z.string(), z.unknown())], {
      error: ({ input }) => (input === undefined ? 'missing, name an audit policy or write it here' : NOT_A_POLICY),
    })
    .describe('the path of an audit policy, relative to this file; or the policy itself'),
  kubernetesVersion: z
    .string({ error: VERSION })
    .regex(/^v?1\.\d{1,3}(\.\d{1,3})?$/, { error: VERSION })
    .optional(),
  cases: z.array(testCase).min(1),
});

export type TestFile = z.output<typeof testFileSchema>;
export type TestCase = TestFile['cases'][number];
export type TestRequest = NonNullable<TestCase['request']>;
export type Expectation = TestCase['expect'];
