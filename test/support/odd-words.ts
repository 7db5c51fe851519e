import fc from 'fast-check';

/** What one parser or the other has a meaning for, or takes for a space or a line end. */
const odd = fc.constantFrom(...`\u0085\u00a0\u2028\u2029\u3000\ufeff\ufffd "'\\$%&<>;{}=\`@-:+!`);

/** Words as a path or argument may be: anything but control characters and what is no character. */
export const word = fc
  .string({
    unit: fc.oneof(odd, fc.string({ unit: 'binary', minLength: 1, maxLength: 1 })),
    minLength: 1,
  })
  .filter((text) => !/[\u0000-\u001f\u007f]|\p{Noncharacter_Code_Point}/u.test(text));

/** A word that can name a file. */
export const fileName = word
  .map((text) => text.replaceAll('/', ''))
  .filter((text) => text !== '' && text !== '.' && text !== '..' && Buffer.byteLength(text) < 200);
