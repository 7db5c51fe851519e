import { expect, it } from 'vitest';
import { parsePlist } from '../../support/fake-launchd-plist.ts';

it.each([
  ['<string>a &amp; b &lt;c&gt; &quot;&apos; &#228;&#xf6; ü</string>', 'a & b <c> "\' äö ü'],
  ['<dict><key>a b</key><array><integer>-7</integer><true/></array></dict>', { 'a b': [-7, true] }],
  ['<array><dict/><string/><false/><string> x </string></array>', [{}, '', false, ' x ']],
])('reads %s', (text, expected) => {
  expect(parsePlist(`<?xml version="1.0"?>\n<plist version="1.0">${text}</plist>\n`)).toEqual(
    expected,
  );
});

it.each([
  '<real>1</real>',
  '<string>a<b/></string>',
  '<string>&nbsp;</string>',
  '<true>x</true>',
  '',
])('refuses %s', (text) => {
  expect(() => parsePlist(`<plist>${text}</plist>`)).toThrow(/./);
});
