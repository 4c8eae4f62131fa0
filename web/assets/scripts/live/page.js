// While somebody types: what the form calculates, shows, demands and finds wrong, at once and on this machine. The
// answer to the next draft comes from the server and stays; nothing here writes into what a person fills in.
import { inField, inInput, isPercent, valueOf } from "./values.js";
import { Form } from "./working_out.js";
import { markCell } from "../needed.js";
import { gathered } from "../places.js";
import { rowPlaces } from "../row_places.js";

const LONGEST_PAUSE = 400;

export function watchLive(form) {
  const description = JSON.parse(form.dataset.live);
  const page = new Page(form, description);
  const touched = new Set();
  let composing = false, timer, pause = 0;

  const show = () => {
    if (composing) return;
    const begin = performance.now();
    page.show(touched);
    pause = Math.min(2 * (performance.now() - begin), LONGEST_PAUSE);
  };
  // The larger the form, the longer it waits for a pause in the typing: keys are never held up.
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(show, pause);
  };
  const touch = (name) => {
    touched.add(name.split("/")[0]);
    soon();
  };
  // Pinyin on its way through the input method is no value: the page rests until the word is there.
  form.addEventListener("compositionstart", () => (composing = true), true);
  form.addEventListener("compositionend", () => (composing = false), true);
  form.addEventListener("compositionend", (event) => touch(event.target.name ?? ""));
  form.addEventListener("input", (event) => event.isComposing || touch(event.target.name ?? ""));
  form.addEventListener("change", (event) => touch(event.target.name ?? ""));
  form.addEventListener("rows-changed", (event) => touch(event.detail));
  page.showDefaults();
  form.dataset.liveReady = "yes";
}

class Page {
  constructor(form, description) {
    this.element = form;
    this.described = description;
    this.form = new Form(description);
    this.fields = new Map();
    for (const field of description.fields) {
      this.fields.set(field.name, field);
      for (const column of field.columns ?? []) this.fields.set(`${field.name}/${column.name}`, column);
    }
    this.readBy = new Map(description.checks.map((check) => [check.code, restsOn(check, description.fields)]));
    form.querySelector(".actions").before(newPlace(""));
    for (const check of description.checks) {
      const name = check.each || check.path;
      this.lookAgain();
      if (name && !this.find("data-live-faults", name)) this.box(name)?.append(newPlace(name));
    }
  }

  // What stands on the page may have changed since.
  lookAgain() {
    this.found = {};
  }

  show(touched) {
    this.lookAgain();
    this.places = rowPlaces(this.element);
    const answer = this.form.workOut(this.typed());
    for (const [path, value] of answer.calculated) this.showValue(path, value);
    for (const [path, value] of answer.defaults) this.showDefault(path, value);
    for (const [path, shown] of answer.visible) this.showPlace(path, shown);
    for (const [path, needed] of answer.required) this.showNeed(path, needed);
    this.showChecks(answer.checks, touched);
  }

  // Before anybody types: what counts where nothing was chosen, also of what was kept before.
  showDefaults() {
    if (![...this.fields.values()].some((field) => field.default)) return;
    this.lookAgain();
    this.places = rowPlaces(this.element);
    for (const [path, value] of this.form.workOut(this.typed()).defaults) this.showDefault(path, value);
  }

  // The form as it would be sent: rows with nothing in them are none.
  typed() {
    const sent = new Map();
    for (const [name, text] of new FormData(this.element)) {
      if (typeof text === "string") sent.set(name, [...(sent.get(name) ?? []), text]); // no files
    }
    const values = {};
    for (const field of this.described.fields) {
      const rows = this.places[field.name];
      const value = rows ? this.rows(field, rows, sent) : typedValue(field, sent.get(field.name));
      if (value !== null && value !== undefined) values[field.name] = value;
    }
    return values;
  }

  rows(table, places, sent) {
    const rows = places.map((place) => {
      const row = {};
      for (const column of table.columns) {
        const unit = sent.get(`${table.name}/${place}/${column.unit_in}`)?.[0];
        const value = typedValue(column, sent.get(`${table.name}/${place}/${column.name}`), unit);
        if (value !== null && value !== undefined) row[column.name] = value;
      }
      return row;
    });
    return rows.length ? rows : null;
  }

  // "rows/1/share" of the document is another row on the page when empty ones stand above it.
  onPage(path) {
    const [table, index, column] = path.split("/");
    if (index === undefined) return path;
    const place = `${table}/${this.places[table]?.[index]}`;
    return column === undefined ? place : `${place}/${column}`;
  }

  describedAt(path) {
    const [table, , column] = path.split("/");
    return this.fields.get(column === undefined ? table : `${table}/${column}`);
  }

  showValue(path, value) {
    const text = inField(this.describedAt(path), value, this.described.words);
    const there = this.find("data-given", this.onPage(path));
    if (text === undefined || !there) return;
    if (there.textContent !== text) there.textContent = text;
    const input = this.find("name", this.onPage(path));
    if (input?.type === "hidden") input.value = inInput(value);
  }

  // What counts while nothing is chosen stands as the empty choice, or where something would be typed.
  showDefault(path, value) {
    const text = inField(this.describedAt(path), value, this.described.words);
    const input = this.find("name", this.onPage(path));
    const said = text ? this.described.words.default + text : "";
    const empty = input?.querySelector?.('option[value=""]');
    if (empty) empty.textContent = said;
    else if (input) input.placeholder = said;
  }

  showPlace(path, shown) {
    if (path.includes("/")) this.cell(path)?.classList.toggle("off", !shown);
    else this.box(path)?.toggleAttribute("hidden", !shown);
  }

  showNeed(path, needed) {
    if (path.includes("/")) {
      markCell(this.cell(path), needed);
    } else {
      for (const mark of this.box(path)?.querySelectorAll("[data-must]") ?? []) mark.hidden = !needed;
    }
  }

  // A check speaks once something that it reads was touched; before that, an unfinished form is no fault.
  showChecks(checks, touched) {
    const told = [...this.element.querySelectorAll("[data-live-faults]")].filter((place) => place.children.length);
    const said = new Map(told.map((place) => [place, []]));
    for (const check of checks) {
      const reads = this.readBy.get(check.code);
      if (![...touched].some((name) => reads.has(name))) continue;
      const place = this.place(check.path);
      this.takeOver(check, place);
      if (!said.has(place)) said.set(place, []);
      if (check.message !== null && !this.isUnreadable(check.path)) said.get(place).push(check);
    }
    for (const [place, faults] of said) say(place, faults);
  }

  // "一" where a number is asked for: the server says so, and a check that takes it for nothing would say nonsense.
  isUnreadable(path) {
    const text = this.find("name", this.onPage(path))?.value ?? "";
    const field = this.describedAt(path);
    if (text.trim() === "" || field === undefined) return false;
    const [table, row] = path.split("/");
    const unit = field.unit_in && this.find("name", this.onPage(`${table}/${row}/${field.unit_in}`))?.value;
    return valueOf(field.widget, text, isPercent(field, unit)) === null;
  }

  // What the server said of the same check is older than this.
  takeOver(check, place) {
    for (const told of place.parentElement.querySelectorAll(`[data-code="${CSS.escape(check.code)}"]`)) {
      if (!told.closest("[data-live-faults]")) told.hidden = true;
    }
  }

  place(path) {
    const cell = path.split("/").length === 3 ? this.cell(path) : null;
    if (cell) {
      const place = cell.querySelector("[data-live-faults]") ?? cell.appendChild(newPlace(this.onPage(path)));
      place.id = idOf(this.onPage(path)) + "-live"; // rows above may have gone
      return place;
    }
    const [name] = path.split("/");
    const box = this.box(name);
    return (box && !box.hidden && this.find("data-live-faults", name)) || this.find("data-live-faults", "");
  }

  find(attribute, value) {
    this.found[attribute] ??= gathered(this.element, attribute);
    return this.found[attribute].get(value) ?? null;
  }

  box(name) {
    return this.find("data-field", name);
  }

  cell(path) {
    const there = this.find("name", this.onPage(path)) ?? this.find("data-given", this.onPage(path));
    return there?.closest("td");
  }
}

// Fields that a check rests on, those behind calculated and hidden ones included.
function restsOn(check, fields) {
  const rests = new Set([...check.condition.names, ...(check.each ? [check.each] : [])]);
  for (const name of rests) {
    const field = fields.find((each) => each.name === name);
    for (const each of field ? [field, ...(field.columns ?? [])] : []) {
      for (const behind of [...(each.calculated?.names ?? []), ...(each.default?.names ?? []), ...(each.visible?.names ?? [])]) rests.add(behind);
    }
  }
  return rests;
}

function typedValue(field, texts, unit) {
  if (field.list) {
    const values = (texts ?? []).map((text) => valueOf(field.widget, text)).filter((value) => value !== null);
    return values.length ? values : null;
  }
  return texts === undefined ? null : valueOf(field.widget, texts[0], isPercent(field, unit));
}

const idOf = (path) => "field-" + path.replaceAll("/", "-");

function newPlace(path) {
  const place = document.createElement("div");
  place.dataset.liveFaults = path;
  place.id = idOf(path) + "-live";
  place.setAttribute("aria-live", "polite");
  return place;
}

function say(place, faults) {
  const lines = faults.map((fault) => fault.message);
  const before = [...place.children].map((line) => line.textContent);
  if (lines.join("\n") !== before.join("\n")) {
    place.replaceChildren(
      ...faults.map((fault) => {
        const line = document.createElement("p");
        line.className = fault.warning ? "caution" : "fault";
        line.dataset.code = fault.code;
        line.textContent = fault.message;
        return line;
      }),
    );
  }
  mark(place, faults.some((fault) => !fault.warning));
}

// The field of a fault is marked, unless the server still has something against it.
function mark(place, isWrong) {
  const input = document.getElementById(place.id.replace(/-live$/, ""));
  if (!input || input.type === "radio") return;
  if (isWrong) {
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", place.id);
  } else if (input.getAttribute("aria-describedby") === place.id) {
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-describedby");
  }
}
