// What a form makes of what is typed, in the order of the server (forms/checker.py): field by field what is hidden goes
// and what is calculated is put in; then what is required, then the checks. What the browser cannot tell is left out, and so is all that rests on it.
import { Live } from "./expressions.js";
import { UNKNOWN, inMessage, isUnknown, received } from "./values.js";

export class Form {
  // `description` is what web/user_task/live.py writes.
  constructor(description) {
    this.fields = description.fields.map(fieldOf);
    this.checks = description.checks.map((check) => ({
      ...check,
      condition: new Live(check.condition),
      holes: Object.entries(check.holes).map(([source, each]) => [source, new Live(each)]),
    }));
    this.names = Object.fromEntries(this.fields.map((field) => [field.name, null]));
    this.variables = mapped(description.variables, received);
    this.given = mapped(description.given, received);
  }

  // Values by field name; rows as lists. Answers what to show: by path, only what could be told.
  workOut(typed) {
    const sheet = new Sheet(this, { ...typed, ...this.given });
    for (const field of this.fields) sheet.workOutField(field);
    for (const field of this.fields) sheet.require(field);
    for (const check of this.checks) sheet.check(check);
    return sheet.answer;
  }
}

class Sheet {
  constructor(form, document) {
    this.form = form;
    this.document = document;
    // calculated, defaults (which are calculated, too): path -> value; visible, required: path -> true or false;
    // checks: {code, path} with a message or null
    this.answer = { calculated: new Map(), defaults: new Map(), visible: new Map(), required: new Map(), checks: [] };
  }

  // What expressions see, nearest first: `read` looks a name up.
  scope() {
    return [this.document, this.form.names, this.form.variables];
  }

  workOutField(field) {
    if (!this.isShown(field, this.document, field.name, this.scope())) return;
    if (field.calculated) this.put(this.document, field.name, told(field.calculated, this.scope()), field.name);
    else if (field.default) this.fill(this.document, field, this.scope(), field.name);
    else for (const [row, index] of this.rows(field)) this.workOutRow(field, row, index);
  }

  workOutRow(table, row, index) {
    for (const column of table.columns) {
      const path = `${table.name}/${index}/${column.name}`;
      if (!this.isShown(column, row, path, this.rowScope(table, row, index))) continue;
      if (column.calculated) this.put(row, column.name, told(column.calculated, this.rowScope(table, row, index)), path);
      else if (column.default) this.fill(row, column, this.rowScope(table, row, index), path);
    }
  }

  // What is hidden has no value; of what may be hidden nobody knows it.
  isShown(field, holder, path, scope) {
    if (!field.visible) return true;
    const shown = told(field.visible, scope);
    if (shown === undefined) {
      holder[field.name] = UNKNOWN;
      return false;
    }
    this.answer.visible.set(path, shown === true);
    if (shown !== true) delete holder[field.name];
    return shown === true;
  }

  put(holder, name, value, path) {
    if (value === undefined) {
      holder[name] = UNKNOWN;
      return;
    }
    if (isBlank(value)) delete holder[name];
    else holder[name] = value;
    this.answer.calculated.set(path, value);
  }

  // What is left empty is its default.
  fill(holder, field, scope, path) {
    if (!isBlank(holder[field.name])) return;
    const value = told(field.default, scope);
    this.put(holder, field.name, value, path);
    this.answer.defaults.set(path, value ?? null);
  }

  *rows(field) {
    if (field.columns.length) for (const [index, row] of (this.document[field.name] ?? []).entries()) yield [row, index];
  }

  rowScope(table, row, index) {
    return [{ row_number: index + 1 }, row, table.names, ...this.scope()];
  }

  require(field) {
    if (field.required) this.need(field.required, this.scope(), field.name);
    for (const [row, index] of this.rows(field)) {
      for (const column of field.columns) {
        const path = `${field.name}/${index}/${column.name}`;
        if (column.required) this.need(column.required, this.rowScope(field, row, index), path);
      }
    }
  }

  need(condition, scope, path) {
    const needed = told(condition, scope);
    if (needed !== undefined) this.answer.required.set(path, needed === true);
  }

  check(check) {
    if (!check.each) {
      this.apply(check, this.scope(), check.path);
      return;
    }
    const table = this.form.fields.find((field) => field.name === check.each);
    for (const [row, index] of this.rows(table)) {
      const path = `${table.name}/${index}` + (check.path ? `/${check.path}` : "");
      this.apply(check, this.rowScope(table, row, index), path);
    }
  }

  apply(check, scope, path) {
    const value = told(check.condition, scope);
    if (value === undefined) return;
    const broken = value === check.broken && !this.excused(check);
    const message = broken ? this.message(check, scope) : null;
    if (message !== undefined) this.answer.checks.push({ code: check.code, path, message, warning: check.warning });
  }

  // A warning is allowed by a reason that is long enough.
  excused(check) {
    return check.warning && check.reason && [...String(this.document[check.reason] ?? "").trim()].length >= check.shortest;
  }

  message(check, scope) {
    let text = check.message;
    for (const [source, expression] of check.holes) {
      const value = told(expression, scope);
      const said = value === undefined ? undefined : inMessage(value);
      if (said === undefined) return undefined;
      text = text.replaceAll(`{${source}}`, () => said);
    }
    return text;
  }
}

function fieldOf(field) {
  const columns = (field.columns ?? []).map(fieldOf);
  return {
    ...field,
    columns,
    names: Object.fromEntries(columns.map((column) => [column.name, null])),
    calculated: field.calculated && new Live(field.calculated),
    default: field.default && new Live(field.default),
    visible: field.visible && new Live(field.visible),
    required: field.required && new Live(field.required),
  };
}

const isBlank = (value) => value == null || value === "" || (Array.isArray(value) && !value.length);

function read(scope, name) {
  for (const layer of scope) if (Object.hasOwn(layer, name)) return layer[name];
  return undefined;
}

// The value, or undefined where the browser cannot tell.
function told(expression, scope) {
  const values = {};
  for (const name of expression.names) {
    const value = read(scope, name);
    if (isUnknown(value)) return undefined;
    values[name] = value;
  }
  return expression.value(values);
}

const mapped = (values, change) =>
  Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name, change(value)]));
