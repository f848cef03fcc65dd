import { decodedForms } from "./decoded-forms.ts";
import { createNeedleIndex, type NeedleIndex } from "./needle-index.ts";
import type { KnownException, Place, SearchContext } from "./search-context.ts";
import { secretForms } from "./secret-forms.ts";
import { TOKEN_SHAPES } from "./token-shapes.ts";

/** `mk` and 20 random characters: too long to appear by chance, and never broken by JSON. */
const MARK = /^mk[0-9a-z]{20}$/;

/** Half a mark is no accident, and neither are these many characters of a key or token. */
const MIN_MARK_PIECE = 12;
const MIN_SECRET_PIECE = 24;

/** What must not leave: an account key, a bearer token, a resource token, a secret of a cursor. */
export interface NamedSecret {
  /** What a report calls it: `the primary account key`. Never the secret itself. */
  readonly name: string;
  readonly value: string;
  /** Of a resource token: the Cosmos DB user it was minted for. */
  readonly owner?: string;
}

export interface Leak {
  readonly kind: "mark" | "secret" | "shape";
  /** A tenant, a secret's name, or what the shape is of. */
  readonly name: string;
  readonly where: Place;
  /** How it was written: `as it is`, `base64`, `escaped > base64`. */
  readonly form: string;
  /** Its first characters, as they were found; never more than it takes to recognize it. */
  readonly piece: string;
}

export interface LeakSearchOptions {
  /** A mark's tenant. Each item carries the mark of its tenant. */
  readonly marks: ReadonlyMap<string, string>;
  readonly secrets: readonly NamedSecret[];
  readonly exceptions: readonly KnownException[];
  /**
   * How many secrets of `addPassing` are kept at least. Default 2,000: a soak mints more tokens
   * than it can remember, and the shape finds those that were forgotten.
   */
  readonly keptPassing?: number;
}

export interface LeakSearch {
  search(text: string, context: SearchContext): readonly Leak[];
  /** From now on this is searched for as well. */
  add(secret: NamedSecret): void;
  /** The same for one of a great many, such as resource tokens; the oldest are forgotten. */
  addPassing(secret: NamedSecret): void;
}

type Needle = { readonly kind: "mark" | "secret"; readonly name: string };

/**
 * A search through whatever leaves the gateway, and it knows nothing of access: a text holds a mark
 * or a secret, or it does not.
 *
 * @throws RangeError for a mark of another form, or a secret that is too short to search for.
 */
export function createLeakSearch(options: LeakSearchOptions): LeakSearch {
  const { exceptions, keptPassing = 2000 } = options;
  const lasting = createNeedleIndex<Needle>();
  const owners = new Map<string, string>();
  let passing = createGeneration();
  let passed = createGeneration();

  for (const [mark, tenant] of options.marks) {
    if (!MARK.test(mark)) {
      throw new RangeError(`The mark of tenant ${tenant} is not of the form that is searched for.`);
    }
    lasting.add(mark, MIN_MARK_PIECE, { kind: "mark", name: tenant });
  }
  const add = (secret: NamedSecret): void => {
    addSecret(lasting, secret);
    if (secret.owner !== undefined) {
      owners.set(secret.value, secret.owner);
    }
  };
  options.secrets.forEach(add);

  const ownerOf = (value: string) =>
    owners.get(value) ?? passing.owners.get(value) ?? passed.owners.get(value);

  return {
    add,
    addPassing: (secret) => {
      if (passing.count >= keptPassing) {
        passed = passing;
        passing = createGeneration();
      }
      passing.count++;
      addSecret(passing.index, secret);
      passing.owners.set(secret.value, secret.owner);
    },
    search: (text, context) => {
      const searched = exceptions.reduce(
        (rest, { withoutAllowed }) => withoutAllowed(rest, { ...context, ownerOf }),
        text,
      );
      const leaks = new Map<string, Leak>();
      for (const { text: decoded, form } of decodedForms(searched)) {
        const folded = decoded.toLowerCase();
        for (const { kind, name, piece } of findIn(folded, context.mayCarry)) {
          const key = `${kind} ${name}`;
          if (!leaks.has(key)) {
            const shown = piece.slice(0, MIN_SECRET_PIECE);
            leaks.set(key, { kind, name, where: context.where, form, piece: shown });
          }
        }
      }
      return [...leaks.values()];
    },
  };

  function* findIn(text: string, mayCarry: ReadonlySet<string>): Generator<Finding> {
    for (const index of [lasting, passing.index, passed.index]) {
      for (const [{ kind, name }, piece] of index.find(text)) {
        if (kind === "secret" || !mayCarry.has(name)) {
          yield { kind, name, piece };
        }
      }
    }
    for (const { name, pattern } of TOKEN_SHAPES) {
      const [piece] = pattern.exec(text) ?? [];
      if (piece !== undefined) {
        yield { kind: "shape", name, piece };
      }
    }
  }
}

type Finding = Pick<Leak, "kind" | "name" | "piece">;

function createGeneration() {
  return {
    index: createNeedleIndex<Needle>(),
    owners: new Map<string, string | undefined>(),
    count: 0,
  };
}

function addSecret(index: NeedleIndex<Needle>, { name, value }: NamedSecret): void {
  const needle: Needle = { kind: "secret", name };
  for (const form of secretForms(value)) {
    index.add(form, Math.min(MIN_SECRET_PIECE, form.length), needle);
  }
}
