// What is typed as values, by the rules of the server (forms/coercion.py): full-width digits and separators are read,
// days in three ways of writing. What cannot be read is null; what is read there and not here is `UNKNOWN`.
import { FeelDate, date } from "feelin";
import { truthOf } from "../truth.js";
import { fixed, isTooLong, plain } from "./numbers.js";

export const UNKNOWN = Symbol("unknown");

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/;
const DAY = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/;
const GROUPED = /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?$/;
const SPACES = /[_ \u00a0\u3000]/g;
const LONGEST_NUMBER = 40;
const PLACES = { money: 4, percent: 2, integer: 0, number: 4 };

export function numberOf(text) {
  let typed = text.normalize("NFKC").replace(SPACES, "").replaceAll("、", ",").replace("−", "-");
  if (/[^0-9\P{Nd}]/u.test(typed)) return UNKNOWN; // digits of other scripts: the server reads them
  if (GROUPED.test(typed)) typed = typed.replaceAll(",", "");
  if (typed.length > LONGEST_NUMBER || !NUMBER.test(typed)) return null;
  return isTooLong(typed) ? UNKNOWN : Number(typed);
}

export function dayOf(text) {
  const found = DAY.exec(text.normalize("NFKC").trim());
  if (!found) return null;
  const [year, month, day] = found.slice(1).map(Number);
  const there = new Date(Date.UTC(year, month - 1, day));
  there.setUTCFullYear(year);
  if (year < 1 || there.getUTCMonth() !== month - 1 || there.getUTCDate() !== day) return null;
  return date([year, month, day].map((part, index) => String(part).padStart(index ? 2 : 4, "0")).join("-"));
}

// Whether a number may be followed by a % sign, where the row names this unit.
export const isPercent = (field, unit) => Boolean(field.percent) || (unit ?? "").trim().replaceAll("％", "%") === "%";

// One typed text as the value of a field.
export function valueOf(widget, text, inPercent = false) {
  const typed = text.trim();
  if (typed === "") return null;
  if (widget in PLACES) {
    const value = numberOf(inPercent ? typed.replace(/[%％]$/, "") : typed);
    if (typeof value !== "number") return value;
    const [, fraction = ""] = plain(value).split(".");
    return fraction.length > PLACES[widget] ? null : value;
  }
  if (widget === "date") return dayOf(typed);
  if (widget === "boolean") return truthOf(typed);
  return typed;
}

// Values that the server sends: {"n": "12.5"}, {"d": "2026-03-01"}, {"c": {…}}, {"u": true} for
// what a browser cannot hold, lists and plain JSON.
export function received(sent) {
  if (Array.isArray(sent)) return sent.map(received);
  if (sent === null || typeof sent !== "object") return sent;
  if ("n" in sent) return isTooLong(sent.n) ? UNKNOWN : Number(sent.n);
  if ("d" in sent) return date(sent.d);
  if ("u" in sent) return UNKNOWN;
  return Object.fromEntries(Object.entries(sent.c).map(([name, value]) => [name, received(value)]));
}

// Whether something the browser cannot keep is in a value.
export function isUnknown(value) {
  if (value === UNKNOWN) return true;
  if (Array.isArray(value)) return value.some(isUnknown);
  return isContext(value) && Object.values(value).some(isUnknown);
}

const isContext = (value) =>
  value !== null && value !== undefined && Object.getPrototypeOf(value) === Object.prototype;

// A value inside a message, as the server writes it (forms/checker.py); undefined for what it would write differently.
export function inMessage(value) {
  if (value === null) return "—";
  if (typeof value === "number") return plain(value);
  if (typeof value === "string" || typeof value === "boolean") return String(value);
  return isDate(value) ? String(value) : undefined;
}

const isDate = (value) => value instanceof FeelDate;

// A calculated value as the page reads it (web/user_task/form_view.py); undefined for what it cannot write.
export function inField(field, value, words) {
  if (value === null) return "";
  if (Array.isArray(value) && field.widget !== "enum") return undefined;
  if (field.widget === "boolean") return value === true ? words.yes : value === false ? words.no : undefined;
  if (field.widget === "enum") return chosen(field.choices, Array.isArray(value) ? value : [value]);
  if (isDate(value)) return String(value);
  if (typeof value === "string") return value;
  if (typeof value !== "number") return undefined;
  if (field.widget === "money" || field.widget === "percent") return fixed(value, 2);
  return plain(value, field.widget !== "integer");
}

function chosen(choices, values) {
  return choices.filter(([value]) => values.includes(value)).map(([, title]) => title).join("、");
}

// The same value as it goes into an input.
export const inInput = (value) => (typeof value === "number" ? plain(value) : value === null ? "" : String(value));
