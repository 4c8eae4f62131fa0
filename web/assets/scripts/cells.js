// What a pasted text becomes in a cell or a field, whatever that is made of: text, a day, a list, yes or no, boxes.
// Nothing pasted is dropped: what fits in no way stays to be seen, marked as a fault, or is told.
import { dayOf } from "./days.js";
import { truthOf } from "./truth.js";

const SEPARATORS = /[\s、,;]+/y;

export const controlsOf = (home) => [...home.querySelectorAll("[name]:not([type=hidden]):not([type=file])")];

// Answers what is wrong: "" for nothing, "given" (nothing to be filled in here), "day", "choice", or { words } that
// name no choice.
export function write(home, text) {
  const controls = controlsOf(home);
  const [first] = controls;
  if (!first) return "given";
  if (first.type === "checkbox") return tick(controls, text);
  if (first.type === "radio") return choose(controls, text);
  if (first.tagName === "SELECT") return select(first, text);
  if (isDay(first)) return writeDay(first, text);
  first.value = first.tagName === "TEXTAREA" ? text : text.replace(/\s*\n\s*/g, " ");
  return "";
}

export const isDay = (control) => control.type === "date" || "day" in control.dataset;

// A field for days takes no other text: what is none is kept in a field for text, to be mended.
function writeDay(input, text) {
  const day = text === "" ? "" : dayOf(text);
  input.dataset.day = "";
  input.type = day === null ? "text" : "date";
  input.value = day ?? text;
  return mark(input, day === null) ? "day" : "";
}

// What was wrong is over once somebody has typed a day, which makes it a field for days again, or chosen what is offered.
export function mend(control, isDone) {
  if (control.type === "text" && "day" in control.dataset) mendDay(control, isDone);
  if (control.tagName !== "SELECT" || !control.querySelector("[data-stranger]")) return;
  mark(control, control.selectedOptions[0]?.hasAttribute("data-stranger") ?? false);
}

function mendDay(input, isDone) {
  const day = input.value.trim() === "" ? "" : dayOf(input.value);
  if (day === null) return;
  mark(input, false);
  for (const told of input.parentElement.querySelectorAll('[data-code="not-a-date"]')) told.hidden = true;
  if (!isDone) return;
  input.type = "date";
  input.value = day;
}

function select(list, text) {
  list.querySelectorAll("[data-stranger]").forEach((option) => option.remove());
  const fits = text === "" ? list.options[0] : optionFor([...list.options], text, (option) => option.text);
  if (fits) list.value = fits.value;
  else offerStranger(list, text);
  return mark(list, !fits) ? "choice" : "";
}

function offerStranger(list, text) {
  const stranger = new Option(text, text, false, true);
  stranger.dataset.stranger = "";
  list.add(stranger);
}

function choose(radios, text) {
  if (text === "") {
    radios.forEach((radio) => (radio.checked = false));
    return "";
  }
  const fits = optionFor(radios, text, titleOf);
  if (!fits) return { words: [text] };
  fits.checked = true;
  return "";
}

const titleOf = (control) => control.closest("label").textContent;

function optionFor(options, text, called) {
  const said = plain(text);
  return (
    options.find((each) => each.value !== "" && (plain(called(each)) === said || each.value === text)) ??
    options.find((each) => each.value === String(truthOf(text)))
  );
}

// "人员保障、经费保障": the boxes of these words are ticked, and no others; words that name none are told.
function tick(boxes, text) {
  const { chosen, strange } = chosenOf(boxes, plain(text));
  if (chosen.size || !strange.length) boxes.forEach((box) => (box.checked = chosen.has(box)));
  return strange.length ? { words: strange } : "";
}

// Titles may have separators in them, so the longest that stands at a place counts.
function chosenOf(boxes, text) {
  const called = boxes.flatMap((box) => [[plain(titleOf(box)), box], [plain(box.value), box]]);
  called.sort(([one], [other]) => other.length - one.length);
  const chosen = new Set(), strange = [];
  for (let at = after(text, 0); at < text.length; at = after(text, at)) {
    const found = called.find(([name]) => text.startsWith(name, at) && endsAt(text, at + name.length));
    const end = found ? at + found[0].length : at + /^[^\s、,;]+/.exec(text.slice(at))[0].length;
    if (found) chosen.add(found[1]);
    else strange.push(text.slice(at, end));
    at = end;
  }
  return { chosen, strange };
}

function after(text, at) {
  SEPARATORS.lastIndex = at;
  return SEPARATORS.test(text) ? SEPARATORS.lastIndex : at;
}

const endsAt = (text, end) => end >= text.length || after(text, end) > end;

// Full-width letters and punctuation are the same as the others.
const plain = (text) => text.normalize("NFKC").trim().toLowerCase();

function mark(control, isWrong) {
  if (isWrong) control.setAttribute("aria-invalid", "true");
  else control.removeAttribute("aria-invalid");
  return isWrong;
}

// What stands in a cell, to be put back.
export const keep = (home) =>
  controlsOf(home).map((control) => ({
    control,
    type: control.type,
    value: control.value,
    checked: control.checked,
    wrong: control.getAttribute("aria-invalid"),
  }));

export const isAsKept = (kept) => kept.every(({ control, value, checked }) => control.value === value && control.checked === checked);

export function putBack(kept) {
  for (const { control, type, value, checked, wrong } of kept) {
    if (control.tagName === "INPUT") control.type = type;
    control.value = value;
    if (control.tagName === "SELECT" && control.value !== value) offerStranger(control, value);
    if (checked !== undefined) control.checked = checked;
    mark(control, wrong === "true");
  }
}
