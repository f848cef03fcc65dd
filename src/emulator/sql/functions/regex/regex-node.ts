/** Code points from and to, both included. */
export type CodePointRange = readonly [number, number];

export type RegexNode =
  | { readonly kind: "set"; readonly negated: boolean; readonly ranges: readonly CodePointRange[] }
  | { readonly kind: "assertion"; readonly assertion: RegexAssertion }
  | { readonly kind: "sequence"; readonly nodes: readonly RegexNode[] }
  | { readonly kind: "alternatives"; readonly nodes: readonly RegexNode[] }
  | {
      readonly kind: "repeat";
      readonly node: RegexNode;
      readonly min: number;
      /** Infinity without an end. */
      readonly max: number;
    };

export type RegexAssertion =
  | "text-start"
  | "text-end"
  | "line-start"
  | "line-end"
  | "word-border"
  | "no-word-border";

/** The modifiers `m`, `s`, `i` and `x`. */
export interface RegexModifiers {
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly ignoreCase: boolean;
  readonly extended: boolean;
}
