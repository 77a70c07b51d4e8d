import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { PolicyIo } from '../../../src/commands/policy/look-through.ts';
import { outputs } from '../output.ts';

/** A temporary folder with these files; removed after the test. */
export async function folder(t: ExecutionContext, files: Readonly<Record<string, string | Uint8Array>>) {
  const directory = await mkdtemp(join(tmpdir(), 'kaudit-policy-'));
  t.teardown(() => rm(directory, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  return {
    path: (name: string) => join(directory, name),
    /** Runs a command and keeps what it prints, with the folder's path left out. */
    async run(command: (io: PolicyIo) => Promise<number>) {
      const { written, stdout, stderr } = outputs();
      const code = await command({ stdout, stderr });
      const without = (text: string) => text.replaceAll(`${directory}/`, '');
      return { code, stdout: without(written.stdout), stderr: without(written.stderr) };
    },
  };
}

/** One line of a log. */
export function eventLine(fields: Readonly<Record<string, unknown>>): string {
  const head = { kind: 'Event', apiVersion: 'audit.k8s.io/v1', level: 'RequestResponse', stage: 'ResponseComplete' };
  return `${JSON.stringify({ ...head, ...fields })}\n`;
}

export const POLICY = `apiVersion: audit.k8s.io/v1
kind: Policy
rules:
  - level: None
    users: ["bob"]
  - level: Metadata
    omitStages: ["RequestReceived"]
    verbs: ["get", "list"]
  - level: Request
    namespaces: ["shop"]
`;
