import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A planted hole: a patch of a few lines that a reviewer could overlook, and what it breaks. */
export interface Plant {
  readonly name: string;
  readonly patchFile: string;
  /** What goes wrong with it, in a sentence or two. */
  readonly breaks: string;
  /** The guarantee of `SECURITY.md` that falls, or what the emulator then does unlike the service. */
  readonly falls: string;
  /** Name of the suite that is expected to find it. */
  readonly expected: string;
  /** Tests of what it breaks, by path: the last resort. */
  readonly tests: readonly string[];
  /** Files that it changes, in the order of the patch. */
  readonly files: readonly string[];
}

const PLANTS_FOLDER = import.meta.dirname;

/** Every plant of this folder, by name. */
export function readPlants(): readonly Plant[] {
  return readdirSync(PLANTS_FOLDER)
    .filter((file) => file.endsWith(".patch"))
    .sort()
    .map((file) => readPlant(join(PLANTS_FOLDER, file), file.slice(0, -".patch".length)));
}

function readPlant(patchFile: string, name: string): Plant {
  const text = readFileSync(patchFile, "utf8");
  const start = text.indexOf("diff --git ");
  const header = readHeader(text.slice(0, start));
  const part = (label: string): string => {
    const value = header.get(label);
    if (value === undefined) {
      throw new Error(`${name}.patch has no line "${label}: …" before the diff.`);
    }
    return value;
  };
  return {
    name,
    patchFile,
    breaks: part("Breaks"),
    falls: part("Falls"),
    expected: part("Expected"),
    tests: part("Tests").split(" "),
    files: [...text.slice(start).matchAll(/^\+\+\+ b\/(\S+)$/gm)].map(([, file = ""]) => file),
  };
}

/** `Label: text`, whose further lines are indented. */
function readHeader(text: string): ReadonlyMap<string, string> {
  const unfolded = text.replace(/\n {2,}/g, " ");
  return new Map(
    [...unfolded.matchAll(/^([A-Z][a-z]+): (.+)$/gm)].map(([, label = "", value = ""]) => [
      label,
      value.trim(),
    ]),
  );
}
