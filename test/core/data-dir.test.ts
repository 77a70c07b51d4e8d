import { homedir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { dataDirOf } from '../../src/core/data-dir.ts';

/** Lets the process seem to run as this user. */
function runAs(t: ExecutionContext, uid: number): void {
  const own = process.getuid;
  process.getuid = () => uid;
  t.teardown(() => Object.assign(process, { getuid: own }));
}

const env = { KAUDIT_DATA_DIR: '/from/env', XDG_STATE_HOME: '/state' };

test.serial('the option comes before the environment, and that before the default', (t) => {
  runAs(t, 0);
  t.is(dataDirOf('/from/option', env), '/from/option');
  t.is(dataDirOf(undefined, env), '/from/env');
  t.is(dataDirOf(undefined, { XDG_STATE_HOME: '/state' }), '/var/lib/kaudit-pipe');
});

test.serial('root has a folder for the machine, everybody else one of their own', (t) => {
  runAs(t, 1000);
  t.is(dataDirOf(undefined, { XDG_STATE_HOME: '/state' }), '/state/kaudit-pipe');
  t.is(dataDirOf(undefined, {}), join(homedir(), '.local/state/kaudit-pipe'));
});

test.serial('a variable that is empty counts as unset', (t) => {
  runAs(t, 1000);
  t.is(dataDirOf(undefined, { KAUDIT_DATA_DIR: '', XDG_STATE_HOME: '' }), join(homedir(), '.local/state/kaudit-pipe'));
  runAs(t, 0);
  t.is(dataDirOf(undefined, { KAUDIT_DATA_DIR: '' }), '/var/lib/kaudit-pipe');
});
