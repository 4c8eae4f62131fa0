// A process as it was drawn, with where it stands. The mark of bpmn.io stays visible, as its licence asks.
import Viewer from "bpmn-js/lib/NavigatedViewer";

const ZOOM_STEP = 1.4;

const words = (text) => (text ?? "").split(" ").filter(Boolean);

export async function showDiagram(box) {
  const answer = await fetch(box.dataset.diagram);
  if (!answer.ok) throw new Error(`no diagram: ${answer.status}`);
  const xml = await answer.text();
  if (!/BPMNDiagram\b/.test(xml)) {
    box.textContent = box.dataset.none;
    box.classList.add("empty");
    return;
  }
  const viewer = new Viewer({ container: box });
  await viewer.importXML(xml);
  const canvas = viewer.get("canvas");
  const registry = viewer.get("elementRegistry");
  const mark = (ids, name) => ids.filter((id) => registry.get(id)).forEach((id) => canvas.addMarker(id, name));
  const present = new Set(words(box.dataset.here));
  mark(words(box.dataset.visited).filter((id) => !present.has(id)), "was-here");
  mark([...present], "is-here");
  mark(words(box.dataset.late), "is-late");
  // On paper, and wherever else it is not shown, it has no size to fit into.
  const fit = () => box.clientWidth > 0 && canvas.zoom("fit-viewport", "auto");
  fit();
  const [here] = words(box.dataset.here).filter((id) => registry.get(id));
  const focus = () => {
    if (!here) return fit();
    canvas.zoom(1);
    canvas.scrollToElement(here, 80);
  };
  const ways = {
    fit,
    here: focus,
    in: () => canvas.zoom(Math.min(canvas.zoom() * ZOOM_STEP, 4)),
    out: () => canvas.zoom(Math.max(canvas.zoom() / ZOOM_STEP, 0.1)),
  };
  // A whole that is too small to read begins where the work is, unless the page is about the whole.
  const readable = "whole" in box.dataset && box.clientWidth > 700 ? 0 : 0.45;
  if (here && canvas.zoom() < readable) focus();
  box.closest("section")?.querySelectorAll("[data-zoom]").forEach((button) => {
    button.addEventListener("click", () => ways[button.dataset.zoom]());
  });
  box.dataset.shown = "yes";
}
