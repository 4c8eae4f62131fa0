// FEEL in the browser: feelin evaluates the text of the form, with every calculation brought back to decimal numbers.
// What feelin lacks or counts in binary fractions is given to it under names of our own, so that no field of that name
// gets in the way. The server decides in the end; an expression that fails here is simply not asked again.
import { evaluate, parseExpression } from "feelin";
import { exact, modulo, rounded, sum } from "./numbers.js";

const EXACT = "exact_decimal";
const LONGEST_RANGE = 1000;
const REMEMBERED = 500;

const isNumber = (value) => typeof value === "number";
const numbers = (values) => (values.length === 1 && Array.isArray(values[0]) ? values[0] : values);

// feelin knows these for numbers only and answers null for all else; we do not know then.
const numeric = (value) => {
  if (!isNumber(value)) throw new TypeError(`only the server calculates with ${value}`);
  return value;
};
const extreme = (pick, values) => {
  if (!values.length || values.includes(null)) return null;
  return pick(...values.map(numeric));
};
const added = (...given) => {
  const values = numbers(given);
  return values.length && values.every(isNumber) ? sum(values) : null;
};
const rounding = (mode, places) => (value, scale = places) =>
  isNumber(value) && Number.isInteger(scale) && Math.abs(scale) < 100 ? rounded(value, scale, mode) : null;

// Functions of the server -> what stands for them here.
const OWN = {
  sum: added,
  mean: (...given) => {
    const total = added(...given);
    return total === null ? null : exact(total / numbers(given).length);
  },
  min: (...given) => extreme(Math.min, numbers(given)),
  max: (...given) => extreme(Math.max, numbers(given)),
  abs: (value) => (value === null ? null : Math.abs(numeric(value))),
  total: (list) => {
    const values = (Array.isArray(list) ? list : []).filter(isNumber);
    return values.length ? sum(values) : 0;
  },
  modulo: (dividend, divisor) =>
    isNumber(dividend) && isNumber(divisor) && divisor !== 0 ? modulo(dividend, divisor) : null,
  decimal: rounding("half even"),
  floor: rounding("floor", 0),
  ceiling: rounding("ceiling", 0),
  "round up": rounding("up"),
  "round down": rounding("down"),
  "round half up": rounding("half up"),
  "round half down": rounding("half down"),
};
const given = (name) => "own_" + name.replaceAll(" ", "_");
const FUNCTIONS = {
  [EXACT]: exact,
  ...Object.fromEntries(Object.entries(OWN).map(([name, work]) => [given(name), work])),
};
const NAMES = Object.fromEntries(Object.keys(OWN).map((name) => [name, null]));

// What feelin tells an index from a condition by: `list[f(item)]` is an index to it, whatever f answers.
const CONDITIONS = new Set([
  "NumericLiteral", "ArithmeticExpression", "Comparison", "Conjunction", "Disjunction", "QuantifiedExpression",
  "InstanceOfExpression",
]);

// A list, or a range of two whole numbers close together: over 1..2.5 feelin would never end, and the page with it.
function isShort(over) {
  if (!over.includes("..")) return true;
  const ends = /^\s*(-?\d+)\s*\.\.\s*(-?\d+)\s*$/.exec(over);
  return ends !== null && Math.abs(ends[2] - ends[1]) <= LONGEST_RANGE;
}

// The text with `exact_decimal(…)` around every calculation and our own functions by their own names.
export function adapted(source, names) {
  const inserts = [];
  const known = { ...NAMES, ...Object.fromEntries(names.map((name) => [name, null])) };
  parseExpression(source, known).iterate({
    enter({ name, from, to, node }) {
      if (name === "ArithmeticExpression") {
        inserts.push([from, 1, -to, `${EXACT}(`], [to, 0, -from, ")"]);
      } else if (name === "IterationContext" && !isShort(source.slice(from, to))) {
        throw new Error(`feelin may loop for ever over ${source.slice(from, to)}`);
      } else if (name === "FilterExpression" && !CONDITIONS.has(node.lastChild.prevSibling.name)) {
        throw new Error(`feelin takes this filter for an index: ${source.slice(from, to)}`);
      } else if (name === "FunctionInvocation") {
        const called = node.firstChild;
        const text = source.slice(called.from, called.to).replace(/\s+/g, " ");
        if (text in OWN) inserts.push([called.from, 2, 0, given(text), called.to]);
      }
    },
  });
  let result = "", at = 0;
  for (const [place, , , text, end = place] of inserts.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2])) {
    result += source.slice(at, place) + text;
    at = end;
  }
  return result + source.slice(at);
}

// An expression that is evaluated often: {source, names} -> the value for what its names stand for.
export class Live {
  // `left`: the server says that the browser cannot evaluate it.
  constructor({ source, names, left }) {
    this.names = names;
    this.text = null;
    // Most rows are as they were at the last keystroke: values by what they rest on.
    this.known = new Map();
    if (left) return;
    try {
      this.text = adapted(source, names);
    } catch {
      // not FEEL to feelin: it stays with the server
    }
  }

  // Undefined where feelin cannot tell.
  value(scope) {
    if (this.text === null) return undefined;
    const context = { ...FUNCTIONS };
    for (const name of this.names) context[name] = scope[name] ?? null;
    const key = JSON.stringify(context);
    if (!this.known.has(key)) {
      if (this.known.size >= REMEMBERED) this.known.clear();
      this.known.set(key, valueOf(this.text, context));
    }
    return this.known.get(key);
  }
}

function valueOf(text, context) {
  try {
    const { value, warnings } = evaluate(text, context);
    return warnings.some(isLimit) ? undefined : value ?? null;
  } catch {
    return undefined;
  }
}

// What feelin cannot do it calls null, with a warning; a null that comes of null operands is a null for us, too.
function isLimit({ type, details }) {
  if (type === "INVALID_TYPE" || type === "NOT_COMPARABLE") {
    return Object.values(details.values).every((value) => value !== null && value !== undefined);
  }
  return type === "UNSUPPORTED" || type === "NO_FUNCTION_FOUND" || type === "FUNCTION_INVOCATION_FAILURE";
}
