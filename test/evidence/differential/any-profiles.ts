import type { Claims, Json, KeyValue, Permission, Profile } from "../../model/terms.ts";
import type { Random } from "../random.ts";

/** Few names, so that templates, conditions and callers meet. */
const CLAIM_NAMES = ["tid", "sub", "roles", "https://contoso.com/tid", "constructor", "a.b"];

const USUAL = ["contoso", "contoso", "fabrikam", "ann", "manager", "member", "1"];

const TEXTS = [
  ...USUAL,
  "contoso:ann",
  "ann:",
  ":",
  "%",
  "%3A",
  "%n1",
  "/",
  "a/b?c#d\\e",
  "\u0000",
  "\u0085",
  " ",
  "ann ",
  ".",
  "..",
  "",
  "é",
  "e\u0301",
  "\u{1F6D2}",
  "\ud83d",
  "{tid}",
  "{{",
  "ANN",
];

const OTHERS: readonly Json[] = [
  1,
  0,
  -0,
  1.5,
  1e21,
  Number.MAX_SAFE_INTEGER,
  Number.MAX_SAFE_INTEGER + 1,
  true,
  false,
  null,
  [],
  {},
];

function anyClaim(random: Random): Json {
  const dice = random.int(0, 99);
  if (dice < 85) {
    return random.pick(dice < 60 ? USUAL : TEXTS);
  }
  if (dice < 91) {
    return random.pick(OTHERS);
  }
  if (dice < 99) {
    return Array.from({ length: random.int(1, 3) }, () => random.pick([...TEXTS, 1, true]));
  }
  // Around the longest id, the longest link and the longest partition-key value
  return random
    .pick(["x", "é", "/"])
    .repeat(random.pick([80, 200, 246, 255, 256, 1024, 2048, 2049]));
}

/** A caller's claims; some are missing. */
export function anyClaims(random: Random): Claims {
  return Object.fromEntries(
    CLAIM_NAMES.flatMap((name) => (random.chance(0.95) ? [[name, anyClaim(random)]] : [])),
  );
}

/** Access profiles whose templates all parse, as a configuration that loads has them. */
export function anyProfiles(random: Random): readonly Profile[] {
  return Array.from({ length: random.int(1, 4) }, (_, at) => {
    const name = `profile${at}`;
    const isForAnonymous = random.chance(0.15);
    return {
      name,
      ...anyWhen(isForAnonymous, random),
      cosmosUser: `${name}:${isForAnonymous && random.chance(0.8) ? "all" : anyTemplate(random)}`,
      permissions: Array.from({ length: random.int(1, 3) }, () => anyPermission(random)),
    };
  });
}

function anyWhen(isForAnonymous: boolean, random: Random): Pick<Profile, "when"> {
  if (isForAnonymous) {
    return { when: "anonymous" };
  }
  if (random.chance(0.5)) {
    return random.chance(0.5) ? {} : { when: {} };
  }
  const conditions = Array.from({ length: random.int(1, 2) }, () => [
    random.pick(CLAIM_NAMES),
    random.pick(["contoso", "contoso", "manager", "member", "1", "", 1, true]),
  ]);
  return { when: Object.fromEntries(conditions) };
}

function anyPermission(random: Random): Permission {
  const scope = random.int(0, 3);
  return {
    container: random.pick(["orders", "orders", "carts"]),
    ...(scope === 1 ? { partitionKey: anyLevels(random) } : {}),
    ...(scope === 2 ? { item: random.chance(0.3) ? "contoso" : anyTemplate(random) } : {}),
    mode: random.pick(["Read", "All"]),
  };
}

function anyLevels(random: Random): readonly KeyValue[] {
  return Array.from({ length: random.int(1, 3) }, () =>
    random.chance(0.25)
      ? random.pick<KeyValue>(["contoso", "1", 1, 0, true, null, ""])
      : anyTemplate(random),
  );
}

/** Claims with text around them: two placeholders never touch. */
function anyTemplate(random: Random): string {
  const text = () => random.pick([":", "-", "x", "of ", "{{", "}}", "é", "\u{1F6D2}."]);
  let template = random.chance(0.3) ? text() : "";
  const placeholders = random.pick([1, 1, 1, 2, 3]);
  for (let at = 0; at < placeholders; at += 1) {
    template += `${at === 0 ? "" : text()}{${random.pick(CLAIM_NAMES)}}`;
  }
  return random.chance(0.3) ? template + text() : template;
}
