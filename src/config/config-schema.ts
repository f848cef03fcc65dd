import { z } from "zod";
import { idFault } from "../cosmos/id-rules.ts";
import { parseClaimTemplate, TemplateFault } from "../templates/claim-template.ts";
import { checked, choice, flag, list, section, text, wholeNumber } from "./schema-values.ts";
import { endpointFault, jwksUriFault } from "./url-rules.ts";

/**
 * The shape of a configuration file, with the defaults and the descriptions that the reference page
 * is made of. Each value's error is what was expected; `describe-shape-faults.ts` adds what was
 * found. What concerns several values at once is checked in `check-profiles.ts` and its neighbours.
 */

/** A name that Cosmos DB takes as a resource's id. */
const resourceId = (what: string) =>
  checked(z.string({ error: what }), (value) => {
    const fault = idFault(value);
    return fault === undefined ? undefined : `${what}: this one ${fault}`;
  });

/** A template of an id: a fault of its literal text would be one for every caller. */
const idTemplate = (example: string) => {
  const expected = `a template such as "${example}"`;
  return checked(z.string({ error: expected }), (value) => idTemplateFault(value, expected));
};

function idTemplateFault(template: string, expected: string): string | undefined {
  try {
    const parts = parseClaimTemplate(template);
    const literal = parts.map((part) => (part.kind === "text" ? part.text : "x")).join("");
    const fault = literal.includes("%")
      ? "holds %, which is kept for encoded claims"
      : idFault(literal);
    return fault === undefined ? undefined : `${expected}: as an id, its text ${fault}`;
  } catch (error) {
    return templateFault(error, expected);
  }
}

function partitionKeyTemplateFault(template: string): string | undefined {
  const expected = 'text or a template such as "{tid}"';
  try {
    const parts = parseClaimTemplate(template);
    if (!template.isWellFormed()) {
      return `${expected}: this one holds half of a character (a lone surrogate)`;
    }
    const encodes = parts.length > 1;
    return encodes && parts.some((part) => part.kind === "text" && part.text.includes("%"))
      ? `${expected}: text beside a claim can't hold %, which is kept for encoded claims`
      : undefined;
  } catch (error) {
    return templateFault(error, expected);
  }
}

function templateFault(error: unknown, expected: string): string {
  if (error instanceof TemplateFault) {
    return `${expected}: ${error.message}`;
  }
  throw error;
}

const ALGORITHMS = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
] as const;

export const issuerSchema = section({
  issuer: text("the issuer's name, as its tokens have it in `iss`").describe(
    "The issuer's name, compared with the token's `iss` character by character.",
  ),
  audience: text("the audience that its tokens have in `aud`").describe(
    "Must be the token's `aud`, or one of them.",
  ),
  jwksUri: checked(z.string({ error: "the URL of a JSON Web Key Set" }), jwksUriFault)
    .optional()
    .describe(
      "Where the issuer publishes its keys. `https`, or `http` on this machine. Either this or `jwksFile`.",
    ),
  jwksFile: text("the path of a JSON Web Key Set")
    .optional()
    .describe("A file with the issuer's public keys, relative to the configuration file."),
  algorithms: list(
    z.enum(ALGORITHMS, {
      error: `an asymmetric signature algorithm (${ALGORITHMS.join(", ")})`,
    }),
    "a list of at least one algorithm",
  )
    .default(["RS256", "ES256"])
    .describe("Signature algorithms that are accepted. Symmetric ones and `none` never are."),
});

const exactNumber = z
  .number({ error: "a number" })
  .refine((value) => !Number.isInteger(value) || Number.isSafeInteger(value), {
    error: "a number that JSON carries exactly (whole numbers below 2^53); write it as text",
  });

const permissionSchema = section({
  container: resourceId("a container's name").describe("Name of the container."),
  partitionKey: z
    .array(
      z.union(
        [checked(z.string(), partitionKeyTemplateFault), exactNumber, z.boolean(), z.null()],
        { error: "text, a number, true, false or null" },
      ),
      { error: "a list with one value for each level of the partition key" },
    )
    .min(1, { error: "at least one level; leave partitionKey out for the whole container" })
    .max(3, { error: "at most three levels" })
    .optional()
    .describe(
      'The one partition that it covers: one value a level. Text is a template; `"{tid}"` takes the claim as it is, with its JSON type.',
    ),
  item: idTemplate("cart-{sub}")
    .optional()
    .describe("Template of an item id: the permission covers that item alone."),
  mode: choice(["Read", "All"]).describe("`Read`, or `All` for reading and writing."),
});

const claimValue = z.union([z.string(), exactNumber, z.boolean()], {
  error: "text, a number, true or false",
});

export const profileSchema = section({
  name: z
    .string({ error: "a name" })
    .regex(/^[a-z0-9-]+$/, { error: "a name of lower-case letters, digits and -" })
    .describe("Unique, of lower-case letters, digits and `-`."),
  when: z
    .union([z.literal("anonymous"), z.record(z.string(), claimValue)], {
      error: 'a mapping of claims to values, or "anonymous"',
    })
    .default({})
    .describe(
      'Which callers it fits. Every claim named here must equal the value, or be a list that has it. `{}` fits every caller who signed in, `"anonymous"` the one who did not.',
    ),
  cosmosUser: idTemplate("member:{tid}:{sub}").describe(
    "Template of the Cosmos DB user id. With `tokens.provision: auto` it starts with the profile's name and `:`, and names every claim that the permissions use. With several issuers it names `{iss}`, or `when` does.",
  ),
  permissions: z
    .array(permissionSchema, { error: "a list of permissions" })
    .default([])
    .describe("What that user may do."),
});

export const tokensSchema = section({
  lifetimeSeconds: wholeNumber(600, 86_400)
    .default(3600)
    .describe(
      "How long a resource token lives, in seconds. Nothing ends a token earlier: a permission that you take away goes on working for that long, and Cosmos DB adds up to 15 minutes.",
    ),
  refreshAheadSeconds: wholeNumber(0, 86_400)
    .optional()
    .describe(
      "How long before its end a used resource token is renewed in the background, in seconds. Default: 600, or a sixth of the lifetime if that is less.",
    ),
  maxCachedUsers: wholeNumber(1, 10_000_000)
    .default(50_000)
    .describe("For how many Cosmos DB users resource tokens are kept in memory."),
  provision: choice(["auto", "existing"])
    .default("auto")
    .describe(
      "`auto` creates the users and permissions that profiles ask for; `existing` only reads what is there.",
    ),
  issue: flag()
    .default(false)
    .describe("Adds the mutation `issueResourceTokens`, which hands resource tokens to clients."),
});

const pageSizeSchema = section({
  default: wholeNumber(1, 10_000)
    .default(50)
    .describe("Items on a page when `first` is not given."),
  max: wholeNumber(1, 10_000).default(1000).describe("The most that `first` may ask for."),
});

export const limitsSchema = section({
  depth: wholeNumber(1, 100).default(10).describe("How deep an operation may nest its fields."),
  complexity: wholeNumber(1, 1_000_000)
    .default(5000)
    .describe(
      "What an operation may cost: 1 for an item read or written, `first` for a list. Inside a list, it counts once for each row.",
    ),
  pageSize: pageSizeSchema.prefault({}).describe("Items on a page of a list."),
  requestBytes: wholeNumber(1024, 64 * 1024 * 1024)
    .default(1024 * 1024)
    .describe("Largest request body, in bytes."),
  requestTimeoutMs: wholeNumber(100, 600_000)
    .default(10_000)
    .describe(
      "How long a request may take, in milliseconds. Sending it has a limit of its own: after 30 s the client gets HTTP 408, and the connection is closed.",
    ),
  inFlightPerUser: wholeNumber(1, 10_000)
    .default(32)
    .describe(
      "How many item requests of one Cosmos DB user may be under way at a time; further ones wait. Callers who share a Cosmos DB user, such as the anonymous ones, share this limit.",
    ),
  inFlight: wholeNumber(1, 10_000)
    .default(256)
    .describe(
      "How many item requests may be under way to Cosmos DB at a time in all. Further ones wait, and Cosmos DB users take turns.",
    ),
  answerBytes: wholeNumber(1024, 1024 * 1024 * 1024 * 1024)
    .default(256 * 1024 * 1024)
    .describe(
      "How much of Cosmos DB's answers may be in memory at a time, in bytes of their text. Beyond it, requests wait. The process needs several times as much memory for them.",
    ),
});

export const accountKeySchema = z
  .string({ error: "an account key" })
  .regex(/^[^\s;]+$/, { error: "an account key alone, as one piece of text" });

export const cursorSecretSchema = z
  .string({ error: "a secret of at least 16 characters" })
  .min(16, { error: "a secret of at least 16 characters" });

export const cosmosSchema = section({
  endpoint: checked(z.string({ error: "the account's endpoint" }), endpointFault).describe(
    "The account's endpoint, such as `https://contoso.documents.azure.com:443/`.",
  ),
  keys: list(accountKeySchema, "a list of at least one account key").describe(
    "Account keys, tried in turn, so that a key can be regenerated without a restart. Further entries whose variable is missing or empty are dropped.",
  ),
  database: resourceId("a database's name").describe("Name of the database."),
});

const ORIGIN = 'an origin such as "https://app.example.com", or "*"';

/** A URL of a page is not an origin: it would never be equal to what a browser sends. */
function originFault(value: string): string | undefined {
  return value === "*" || (URL.canParse(value) && new URL(value).origin === value)
    ? undefined
    : ORIGIN;
}

export const configSchema = section({
  server: section({
    host: text("an address to listen on").default("127.0.0.1").describe("Address to listen on."),
    port: wholeNumber(0, 65_535).default(4000).describe("Port to listen on; 0 takes any free one."),
    corsOrigins: z
      .array(checked(z.string({ error: ORIGIN }), originFault), { error: "a list of origins" })
      .default([])
      .describe(
        "Origins of web pages that may call the API from a browser, such as `https://app.example.com`; `*` for any. It does not decide who may see what: the bearer token does.",
      ),
    drainDelayMs: wholeNumber(0, 60_000)
      .default(0)
      .describe(
        "How long requests are still taken after the signal to end, in milliseconds. `/readyz` says no at once; this gives your load balancer the time to notice.",
      ),
    cursorSecret: cursorSecretSchema
      .optional()
      .describe(
        "Seals the cursors of lists. Give several replicas the same one, so that a client can go on with its list at any of them. Default: a random one, made at start.",
      ),
  })
    .prefault({})
    .describe("Where the gateway listens."),
  cosmos: cosmosSchema.describe("The Azure Cosmos DB account."),
  schema: text("a path or glob of model files")
    .default("./schema/*.model.graphql")
    .describe("Path or glob of the model files, relative to the configuration file."),
  auth: section({
    issuers: z
      .array(issuerSchema, { error: "a list of issuers" })
      .default([])
      .describe("Who may vouch for callers. At least one, unless `anonymous` is true."),
    anonymous: flag()
      .default(false)
      .describe(
        "Lets requests without a bearer token in, as the anonymous caller. A GET that a browser sends for a page of another origin (by `Origin` or `Sec-Fetch-Site`) gets HTTP 403, unless `server.corsOrigins` has the origin.",
      ),
  }).describe("Who may call."),
  profiles: list(profileSchema, "a list of at least one access profile").describe(
    "Access profiles, in order: the first that fits a caller decides.",
  ),
  tokens: tokensSchema.prefault({}).describe("Resource tokens."),
  limits: limitsSchema.prefault({}).describe("What one request may ask for."),
  introspection: flag()
    .default(true)
    .describe(
      "Whether clients may ask for the API's schema. If not, errors show no name of the schema that the request doesn't have.",
    ),
  api: section({
    generic: flag()
      .default(false)
      .describe("Adds operations over plain JSON and SQL for every container."),
  })
    .prefault({})
    .describe("Which operations the API has beside those of the models."),
});

export type ConfigShape = z.output<typeof configSchema>;
export type IssuerShape = z.output<typeof issuerSchema>;
export type ProfileShape = z.output<typeof profileSchema>;
export type TokensShape = z.output<typeof tokensSchema>;
