import type { ComponentSpec } from './core/component.ts';
import file from './sinks/file.ts';
import stdout from './sinks/stdout.ts';
import files from './sources/files.ts';
import stdin from './sources/stdin.ts';
import forbidden from './transforms/forbidden.ts';
import parse from './transforms/parse.ts';
import policyMatch from './transforms/policy-match.ts';

/** Every component there is. A new one is a file in its folder and a line here. */
export const components: readonly ComponentSpec[] = [stdin, files, parse, policyMatch, forbidden, stdout, file];
