// The page of a user task and of an instance: form and diagram.
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import { watchBar } from "../scripts/bar.js";
import { watchFiles } from "../scripts/files.js";
import { watchForm } from "../scripts/filling.js";
import { showLeftOver } from "../scripts/left_over.js";
import { watchNarrowing } from "../scripts/narrowing.js";
import { watchPasting } from "../scripts/pasting.js";
import { watchPeople } from "../scripts/people.js";
import { watchRows } from "../scripts/rows.js";

const form = document.querySelector("form[data-filling]");
// What was refused is kept, a form by the server, a dialog in this window: fetched again, the page shows it instead of
// sending the old words anew.
const refused = document.querySelector("dialog[data-open-now]");
const again = form?.dataset.again ?? refused?.dataset.again;
if (again && (refused || "sent" in form.dataset)) history.replaceState(null, "", again);
watchNarrowing(document);
if (form) {
  watchBar(form);
  watchRows(form);
  watchPasting(form);
  watchPeople(form);
  watchFiles(form);
  watchForm(form);
  form.dataset.ready = "yes";
}
document.querySelectorAll("form[data-choosing]").forEach(watchPeople);
const leftOver = document.querySelector("[data-left-over]");
if (leftOver) showLeftOver(leftOver);
// The viewer is large: it comes when a diagram comes into sight, so the form never waits for it.
const diagrams = document.querySelectorAll("[data-diagram]");
if (diagrams.length) {
  const sight = new IntersectionObserver(async (seen) => {
    for (const { target, isIntersecting } of seen) {
      if (!isIntersecting) continue;
      sight.unobserve(target);
      try {
        const { showDiagram } = await import("../scripts/diagram.js");
        await showDiagram(target);
      } catch {
        // the network is away, or the page is being left
        target.textContent = target.dataset.failed;
        target.classList.add("empty");
      }
    }
  }, { rootMargin: "600px" });
  diagrams.forEach((each) => sight.observe(each));
}

// FEEL in the browser is large, too, and only an early look at what the server says anyway: the form never waits for it.
if (form?.dataset.live) {
  import("../scripts/live/page.js").then(({ watchLive }) => watchLive(form), () => {});
}
