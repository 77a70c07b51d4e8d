import { spawn } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';

const program = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
const PIPELINE = { source: { type: 'stdin' }, transforms: [{ type: 'policy-match', policy: 'policy.yaml' }] };

function policy(level: string): string {
  return `apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: ${level}\n`;
}

function event(level: string, id: number): string {
  const head = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"${level}","auditID":"${id}"`;
  const bodies =
    { Metadata: '', Request: ',"requestObject":{"a":1.0}' }[level] ?? ',"requestObject":{"a":1.0},"responseObject":{}';
  return `${head},"stage":"ResponseComplete","requestURI":"/api/v1/pods","verb":"create","user":{}${bodies}}\n`;
}

/** The program at work in a folder, with its input left open. */
class Daemon {
  private readonly child;
  private said = { stdout: '', stderr: '' };
  private look: () => void = () => {};
  readonly exit: Promise<number | null>;

  constructor(folder: string) {
    const env = { PATH: process.env.PATH, HOME: folder, KAUDIT_DATA_DIR: join(folder, 'data') };
    this.child = spawn(process.execPath, ['--no-warnings', program, '-c', 'pipe.yaml'], { cwd: folder, env });
    for (const output of ['stdout', 'stderr'] as const) {
      this.child[output].setEncoding('utf8').on('data', (text: string) => {
        this.said[output] += text;
        this.look();
      });
    }
    this.exit = new Promise((resolve) => this.child.on('close', resolve));
  }

  /** Resolves when this has been said on one of the outputs, with the line; what came before is not looked at again. */
  until(output: 'stdout' | 'stderr', wanted: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.look = () => {
        const text = this.said[output];
        const at = text.indexOf(wanted);
        const end = at < 0 ? -1 : text.indexOf('\n', at);
        if (end < 0) return;
        this.said[output] = text.slice(end + 1);
        resolve(text.slice(text.lastIndexOf('\n', at) + 1, end));
      };
      this.look();
      void this.exit.then((code) => reject(new Error(`ended with ${code} before: ${wanted}\n${this.said.stderr}`)));
    });
  }

  /** Ships one event; resolves with what became of it. */
  async ship(id: number): Promise<string> {
    this.child.stdin.write(event('RequestResponse', id));
    return `${await this.until('stdout', `"auditID":"${id}"`)}\n`;
  }

  stop(): Promise<number | null> {
    this.child.kill('SIGTERM');
    return this.exit;
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }
}

test('a running pipeline takes over a good policy, and keeps the one it has when a bad one comes', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'kaudit-reload-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const replaceBy = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    symlinkSync(name, join(folder, 'link'));
    renameSync(join(folder, 'link'), join(folder, 'policy.yaml'));
  };
  writeFileSync(join(folder, 'pipe.yaml'), JSON.stringify({ ...PIPELINE, sinks: [{ type: 'stdout' }] }));
  replaceBy('1.yaml', policy('Metadata'));

  const daemon = new Daemon(folder);
  t.teardown(() => daemon.kill());
  t.is(await daemon.ship(1), event('Metadata', 1));

  replaceBy('2.yaml', policy('Request'));
  const changed = await daemon.until('stderr', 'changed');
  t.is(changed, `kaudit-pipe: pipeline pipe: policy ${folder}/policy.yaml changed: rules 1 -> 1 (1 new, 1 gone)`);
  t.is(await daemon.ship(2), event('Request', 2));

  replaceBy('3.yaml', policy('None]'));
  t.regex(await daemon.until('stderr', 'stays in force'), /warn: .* does not load, .*: from file .*policy\.yaml$/);
  unlinkSync(join(folder, '3.yaml'));
  t.is(await daemon.ship(3), event('Request', 3));
  t.is(await daemon.stop(), 0);
});
