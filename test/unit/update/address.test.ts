import { describe, expect, test } from 'vitest';
import { feedProblem } from '#update/address.ts';
import { openFeed } from '#update/feed.ts';

const MUST_BE = 'it must be https://…, or file:///… for a folder of this machine';
const ONLY_HERE = 'it must be https://…; http://… is for this machine alone';

describe('an address', () => {
  test.each([
    [null, 'https://a.test https://a.test:8443/b/ HTTPS://a.test http://127.9.0.1/a'],
    [null, 'http://localhost:8/a http://[::1]:8 file:///srv/my%20feed/ file://localhost/srv'],
    [MUST_BE, ' a.test /srv/feed ftp://a.test data:,a file:feed https:a.test'],
    [ONLY_HERE, 'http://a.test http://127.0.0.1.a.test http://localhost.a.test http://0.0.0.0'],
    ['it must not have a user or a password', 'https://u@a.test http://:p@localhost'],
    ['it must not have a query or a fragment', 'https://a.test?a https://a.test? file:///a#'],
    ['it must not have control characters', 'https://a.test/\n https://a.\ttest'],
    ['it must be file:///… and a path', 'file://a.test/b file:///a%2fb file:///a%00'],
  ])('%s', (problem, addresses) => {
    for (const each of addresses.split(' ')) expect(feedProblem(each), each).toBe(problem);
  });

  test.each([
    ['https://u:p@a.test/b', 'https://…@a.test/b: it must not have a user or a password'],
    ['https://u:p?/#@a.test/b?c=d', `https://…@?…: ${MUST_BE}`],
    ['https://a.test/b?key=secret@more', 'https://…@?…: it must not have a query or a fragment'],
    ['https://a.test\n/b', 'https://a.test?/b: it must not have control characters'],
  ])('that is refused is shown without its secrets: %j', (address, shown) => {
    const problem = { code: 'bad_feed', message: `cannot use the feed ${shown}` };
    expect(() => openFeed(address)).toThrow(expect.objectContaining(problem));
  });
});
