import type { ExplainedSurvivor } from "./explained-survivor.ts";
import type { Judgement } from "./judge-survivors.ts";
import type { Mutant } from "./mutant.ts";
import type { GroupOutcome } from "./run-group.ts";
import { percentageOf, type Score, scoreOf, scoresOf } from "./score.ts";

/** The score of each file, then what is at fault, then one line that sums up. */
export function outcomeText(outcomes: readonly GroupOutcome[], judgement: Judgement): string {
  const mutants = outcomes.flatMap((outcome) => outcome.mutants);
  const lines = outcomes.flatMap(({ group, mutants: ofGroup, seconds }) => [
    "",
    scoreRow(`${group.name}, ${seconds} s`, ["mutants", "killed", "by time", "survived"], "score"),
    ...scoresOf(ofGroup).map(scoreLine),
  ]);
  const faults = [
    ...judgement.unexplained.map(survivorText),
    ...judgement.stale.map(({ explanation, found }) => staleText(explanation, found)),
  ];
  const total = scoreOf("all", mutants);
  const summary =
    `${total.mutants} mutants, ${total.killed} killed (${percentageOf(total)}), ` +
    `${judgement.explained.length} survivors explained, ` +
    `${judgement.unexplained.length} not, ${judgement.stale.length} explanations of none`;
  return [...lines, "", ...faults, summary].join("\n");
}

function scoreLine(score: Score): string {
  const { file, mutants, killed, timedOut, survived } = score;
  const counts = [mutants, killed, timedOut, survived];
  return scoreRow(file, counts.map(String), percentageOf(score));
}

function scoreRow(name: string, counts: readonly string[], score: string): string {
  const cells = [...counts, score].map((text) => text.padStart(10));
  return `  ${name.padEnd(46)}${cells.join("")}`;
}

function survivorText({ file, line, from, to, fate }: Mutant): string {
  const how = fate === "unreached" ? "no test reaches it" : "no test notices";
  return `${file}:${line}: ${how}\n  - ${from}\n  + ${to}\n`;
}

function staleText({ file, from, to, times = 1 }: ExplainedSurvivor, found: number): string {
  return `${file}: explained ${times} times, survived ${found} times\n  - ${from}\n  + ${to}\n`;
}

/** The table for `docs/evidence.md`: one row a file, one a group. */
export function outcomeMarkdown(outcomes: readonly GroupOutcome[]): string {
  const rows = outcomes.flatMap(({ group, mutants, seconds }) => [
    ...scoresOf(mutants).map((score) => markdownRow(`\`${score.file}\``, score, "")),
    markdownRow(`**${group.name}**`, scoreOf(group.name, mutants), String(seconds)),
  ]);
  return [
    "| file | mutants | killed | of these by time | survived | score | seconds |",
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ...rows,
  ].join("\n");
}

function markdownRow(name: string, score: Score, seconds: string): string {
  const { mutants, killed, timedOut, survived } = score;
  const cells = [name, mutants, killed, timedOut, survived, percentageOf(score), seconds];
  return `| ${cells.join(" | ")} |`;
}
