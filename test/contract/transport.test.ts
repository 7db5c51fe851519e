import { socketDialer } from '#client/socket-node.ts';
import { listen } from '#daemon/socket.ts';
import { memoryDialer } from '../support/memory-transport.ts';
import { Sandbox } from '../support/sandbox.ts';
import { transportSuite } from './transport.ts';

transportSuite('the pair in memory', async () => ({
  listen: async (accept) => memoryDialer(accept),
  nobody: { dial: () => Promise.reject(new Error('nobody listens')) },
  [Symbol.asyncDispose]: async () => undefined,
}));

transportSuite('the unix socket', async () => {
  const stack = new AsyncDisposableStack();
  const sandbox = stack.use(await Sandbox.make());
  return {
    listen: async (accept) => {
      const listener = await listen(sandbox.at('s'), accept);
      stack.defer(() => listener.close());
      return socketDialer(sandbox.at('s'));
    },
    nobody: socketDialer(sandbox.at('none')),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
});
