/** Letters whose names begin with a vowel: an SKU, but a URL. */
const VOWEL_LETTERS = "AEFHILMNORSX";

/** Words that are spelled with a vowel but spoken with a consonant first. */
const CONSONANT_SOUND = /^(eu|ewe|one$|once|uni(?![nm])|us[aeu]|uti)/;

/** Words that are spelled with a consonant but spoken with a vowel first. */
const VOWEL_SOUND = /^(heir|honest|honou?r|hour)/;

/** A type's name behind its article, by its sound: an Order, a User, an Hour, an SKUGroup. */
export function withArticle(typeName: string): string {
  return `${startsWithVowel(typeName) ? "an" : "a"} ${typeName}`;
}

function startsWithVowel(typeName: string): boolean {
  // `SKU` of `SKUGroup` is spelled out; of `OrderLine`, `Order` is the first word.
  const abbreviation = /^[A-Z]{2,}(?![a-z])/.exec(typeName)?.[0] ?? "";
  if (abbreviation !== "") {
    return VOWEL_LETTERS.includes(abbreviation.charAt(0));
  }
  const word = /^.[a-z]*/.exec(typeName)?.[0].toLowerCase() ?? "";
  return VOWEL_SOUND.test(word) || (/^[aeiou]/.test(word) && !CONSONANT_SOUND.test(word));
}
