// npm feelin as the other side of a comparison: one JSON line in, one JSON line out, {"ask": door, …} -> {"answer"} or
// {"error"}. The doors: feelin itself, and the parts of the page that stand on it.
import { createInterface } from "node:readline";
import { FeelDate, FeelDateTime, FeelDuration, FeelRange, FeelTime, evaluate, isFunction } from "feelin";
import { Live } from "../../../web/assets/scripts/live/expressions.js";
import { fixed, plain } from "../../../web/assets/scripts/live/numbers.js";
import { UNKNOWN, received, valueOf } from "../../../web/assets/scripts/live/values.js";
import { Form } from "../../../web/assets/scripts/live/working_out.js";

const KINDS = [[FeelDate, "date"], [FeelTime, "time"], [FeelDateTime, "date and time"], [FeelDuration, "duration"]];

function shown(value) {
  if (value === undefined || value === null) return null;
  if (value === UNKNOWN) return { unknown: true };
  if (typeof value === "number") return { number: String(value) };
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.map(shown);
  for (const [kind, name] of KINDS) if (value instanceof kind) return { [name]: String(value) };
  if (value instanceof FeelRange) {
    return { range: [shown(value.start), shown(value.end), value["start included"], value["end included"]] };
  }
  if (typeof value === "function" || isFunction(value)) return { function: true };
  return { context: Object.fromEntries(Object.entries(value).map(([name, each]) => [name, shown(each)])) };
}

const byPath = (values) => Object.fromEntries([...values].map(([path, value]) => [path, shown(value)]));
const values = (sent) => received({ c: sent ?? {} });

const DOORS = {
  evaluate: ({ source, context }) => shown(evaluate(source, values(context)).value),
  live: ({ source, names, context }) => {
    const value = new Live({ source, names }).value(values(context));
    return value === undefined ? { unknown: true } : shown(value);
  },
  form: ({ form, document }) => {
    const { calculated, visible, required, checks } = new Form(form).workOut(values(document));
    return { calculated: byPath(calculated), visible: byPath(visible), required: byPath(required), checks };
  },
  typed: ({ widget, text, percent }) => shown(valueOf(widget, text, percent)),
  written: ({ number }) => [plain(Number(number)), plain(Number(number), true), fixed(Number(number), 2)],
  // nanoseconds of one evaluation, parsing included: the best of five batches of so many calls, after one to warm up
  time: ({ source, context, calls }) => {
    const given = values(context);
    const batch = () => {
      const begin = process.hrtime.bigint();
      for (let call = 0; call < calls; call++) evaluate(source, given);
      return Number(process.hrtime.bigint() - begin) / calls;
    };
    batch();
    return Math.min(...Array.from({ length: 5 }, batch));
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { ask, ...question } = JSON.parse(line);
  let said;
  try {
    said = { answer: DOORS[ask](question) };
  } catch (error) {
    said = { error: String(error.message) };
  }
  process.stdout.write(JSON.stringify(said) + "\n");
}
