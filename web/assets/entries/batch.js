// The inbox and the page of a batch: what is signed together.
import { watchBar } from "../scripts/bar.js";
import { watchBatch, watchPicking } from "../scripts/picking.js";

watchPicking(document);
const form = document.querySelector("form[data-batch]");
if (form) {
  if (form.querySelector(".actions")) watchBar(form);
  watchBatch(form);
}
