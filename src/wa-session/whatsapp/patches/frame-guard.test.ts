import { EventEmitter, once } from 'node:events';
import { expect, test } from '@jest/globals';
import { guardFrames } from './frame-guard.js';

test('a listener that throws or rejects ends the connection, not the process; other listeners stay theirs', async () => {
  const ws = new EventEmitter();
  const failures: unknown[] = [];
  const failed = new EventEmitter();
  ws.on('message', () => Promise.reject(new Error('bad frame')) as unknown as void);
  ws.on('CB:failure', () => {
    throw new Error('bad reason');
  });
  ws.on('close', () => {
    throw new Error('not guarded');
  });
  guardFrames(ws, (error) => {
    failures.push((error as Error).message);
    failed.emit('one');
  });
  ws.emit('CB:failure');
  const next = once(failed, 'one');
  ws.emit('message');
  await next;
  expect(failures).toEqual(['bad reason', 'bad frame']);
  expect(() => ws.emit('close')).toThrow('not guarded');
});
