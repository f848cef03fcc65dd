import fc from "fast-check";

/** Code units from U+D800 on that are halves of a character, and none by themselves. */
const SURROGATES = 0x800;

/**
 * Any character of Unicode, those of ASCII half of the time: a `unit` for `fc.string`. As broad as
 * fast-check's own unit `binary`, which takes two seconds to set up in each file that uses it.
 */
export const anyCharacter: fc.Arbitrary<string> = fc.oneof(
  fc.integer({ min: 0, max: 0x7f }).map((code) => String.fromCodePoint(code)),
  fc
    .integer({ min: 0x80, max: 0x10_ffff - SURROGATES })
    .map((code) => String.fromCodePoint(code < 0xd800 ? code : code + SURROGATES)),
);
