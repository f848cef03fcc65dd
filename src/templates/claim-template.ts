/** A parsed template: literal text and placeholders for claims, never two placeholders in a row. */
export type ClaimTemplate = readonly TemplatePart[];

export type TemplatePart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "claim"; readonly claim: string };

/** What is wrong with a template, in words for the author of the configuration. */
export class TemplateFault extends Error {}

const PART = /\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+/gu;

/**
 * Parses `member:{tid}:{sub}`. A placeholder is a claim's whole name in braces, so namespaced
 * claims work: `{https://contoso.com/tid}`. `{{` and `}}` stand for single braces. A name is never
 * a path: `{a.b}` is the claim `a.b`.
 *
 * @throws TemplateFault for a template that breaks these rules.
 */
export function parseClaimTemplate(template: string): ClaimTemplate {
  const parts: TemplatePart[] = [];
  for (const [piece, claim] of template.matchAll(PART)) {
    const last = parts.at(-1);
    if (claim !== undefined) {
      checkPlaceholder(claim, last);
      parts.push({ kind: "claim", claim });
    } else if (last?.kind === "text") {
      parts[parts.length - 1] = { kind: "text", text: last.text + literalText(piece) };
    } else {
      parts.push({ kind: "text", text: literalText(piece) });
    }
  }
  return parts;
}

function literalText(piece: string): string {
  if (piece === "{" || piece === "}") {
    throw new TemplateFault(
      "a claim's name stands between { and }, and a brace that is meant as text is doubled",
    );
  }
  return piece === "{{" ? "{" : piece === "}}" ? "}" : piece;
}

function checkPlaceholder(claim: string, before: TemplatePart | undefined): void {
  if (claim === "") {
    throw new TemplateFault("{} names no claim");
  }
  if (claim !== claim.trim()) {
    throw new TemplateFault(`take the spaces out of {${claim}}`);
  }
  if (before?.kind === "claim") {
    throw new TemplateFault(
      `put text between {${before.claim}} and {${claim}}: without it, different claims could give the same text`,
    );
  }
}

/**
 * First character of the text after a placeholder, where a reader sees that the claim's text has
 * ended; undefined for a placeholder at the end.
 */
export function characterAfter(template: ClaimTemplate, index: number): string | undefined {
  const next = template[index + 1];
  return next?.kind === "text" ? Array.from(next.text)[0] : undefined;
}

/** The claims that a template takes, each once, in order. */
export function claimsOf(template: ClaimTemplate): readonly string[] {
  const claims = template.flatMap((part) => (part.kind === "claim" ? [part.claim] : []));
  return [...new Set(claims)];
}
