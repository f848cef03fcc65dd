import type { ModelField } from "../../model/model.ts";

/**
 * What a field is, for one that the model doesn't describe: from its own name and its type's, so
 * that `createdAt` of `Order` is "When the order was created." and `isOpen` "Whether the order is
 * open."
 */
export function describeField(field: ModelField, ownerName: string): string {
  if (field.description !== undefined) {
    return field.description;
  }
  const owner = words(ownerName);
  const name = words(field.name);
  if (field.name === "id" && field.type.name === "ID") {
    return `The ${owner}'s id.`;
  }
  if (field.type.name === "Boolean" && field.type.listDepth === 0) {
    const [, verb = "", rest = ""] = /^(is|has|can|was|should|must|needs) (.+)$/.exec(name) ?? [];
    return verb === ""
      ? `Whether the ${owner} is ${name}.`
      : `Whether the ${owner} ${verb} ${rest}.`;
  }
  if (field.type.name === "DateTime" || field.type.name === "Date") {
    const [, verb = ""] = /^(\w+) (?:at|on)$/.exec(name) ?? [];
    if (PARTICIPLE.test(verb)) {
      return `When the ${owner} was ${verb}.`;
    }
    if (PRESENT.test(verb)) {
      return `When the ${owner} ${verb}.`;
    }
  }
  return name === "" ? `The ${owner}'s \`${field.name}\`.` : `The ${owner}'s ${name}.`;
}

/** As in `createdAt` and `paidOn`. */
const PARTICIPLE =
  /(ed|begun|born|done|given|left|lost|made|paid|read|seen|sent|set|shown|sold|taken|won|written)$/;

/** As in `expiresAt`. */
const PRESENT = /^(begins|closes|ends|expires|opens|starts|stops)$/;

/** `OrderLine` and `orderLine` as `order line`, `SKUGroup` as `SKU group`, `line_1` as `line 1`. */
function words(name: string): string {
  return name
    .split(/_+|(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/)
    .filter((word) => word !== "")
    .map((word) => (/^[A-Z]{2,}\d*$/.test(word) ? word : word.toLowerCase()))
    .join(" ");
}
