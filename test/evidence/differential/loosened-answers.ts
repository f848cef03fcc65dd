import type { Partition, PartitionRequest, StoredItems } from "../oracle/stored-items.ts";
import type { LoosenedRule } from "./loosened-rule.ts";
import type { Model } from "./run-decisions.ts";

type AnswerOf = Model["answerOf"];

function withAnswers(
  change: (
    answerOf: AnswerOf,
    before: StoredItems,
    partition: Partition,
    request: PartitionRequest,
  ) => ReturnType<AnswerOf>,
): LoosenedRule["loosen"] {
  return (model) => ({
    ...model,
    answerOf: (...given) => change(model.answerOf, ...given),
  });
}

/** Where keys are compared by another text, with the keys rewritten to the first of that text. */
function joiningKeys(textOf: (key: Partition["key"]) => string): LoosenedRule["loosen"] {
  return withAnswers((answerOf, before, partition, request) => {
    const text = textOf(partition.key);
    const items = before.items.map((item) =>
      textOf(item.key) === text ? { ...item, key: partition.key } : item,
    );
    const isFeed = request.kind === "list" || request.kind === "query";
    return isFeed
      ? { ...answerOf({ ...before, items }, partition, request), after: before }
      : answerOf(before, partition, request);
  });
}

/** Rules of what is stored and told, each loosened by itself. */
export const LOOSENED_ANSWERS: readonly LoosenedRule[] = [
  {
    name: "1 and true are the partitions of their texts",
    stream: "answers",
    loosen: joiningKeys((key) => JSON.stringify(key.map(String))),
  },
  {
    name: "the levels of a key are joined",
    stream: "answers",
    loosen: joiningKeys((key) =>
      key.map((level) => JSON.stringify(level).replaceAll('"', "")).join(""),
    ),
  },
  {
    name: "a failed batch keeps what it did",
    stream: "answers",
    loosen: withAnswers((answerOf, before, partition, request) => {
      const whole = answerOf(before, partition, request);
      if (request.kind !== "batch" || whole.answer.status === 200) {
        return whole;
      }
      const failed = whole.answer.results.findIndex((each) => each !== 424);
      const operations = request.operations.slice(0, failed);
      return { ...whole, after: answerOf(before, partition, { kind: "batch", operations }).after };
    }),
  },
  {
    name: "the change feed goes by creation",
    stream: "answers",
    loosen: withAnswers((answerOf, before, partition, request) => {
      const told = answerOf(before, partition, request);
      const { answer } = answerOf(before, partition, { kind: "list" });
      return request.kind === "changes" && told.answer.status === 200 ? { ...told, answer } : told;
    }),
  },
  {
    name: "ordered queries are in no order",
    stream: "answers",
    loosen: withAnswers((answerOf, before, partition, request) => {
      if (request.kind !== "query") {
        return answerOf(before, partition, request);
      }
      const { order: _, ...unordered } = request;
      return answerOf(before, partition, unordered);
    }),
  },
  {
    name: "an etag is no condition",
    stream: "answers",
    loosen: withAnswers((answerOf, before, partition, request) => {
      if (!("ifMatch" in request)) {
        return answerOf(before, partition, request);
      }
      const { ifMatch: _, ...unconditional } = request;
      return answerOf(before, partition, unconditional);
    }),
  },
  {
    name: "a change feed is that of the container",
    stream: "answers",
    loosen: withAnswers((answerOf, before, partition, request) => {
      const items = before.items.map((item) => ({ ...item, key: partition.key }));
      return request.kind === "changes"
        ? { ...answerOf({ ...before, items }, partition, request), after: before }
        : answerOf(before, partition, request);
    }),
  },
];
