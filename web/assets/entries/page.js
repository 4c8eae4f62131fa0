// Loaded by every page.
import "htmx.org";
import { watchDialogs } from "../scripts/dialogs.js";
import { watchKept } from "../scripts/keeping.js";
import { watchSearch } from "../scripts/search.js";

watchDialogs(document);
watchKept(document);
document.addEventListener("click", (event) => event.target.closest("[data-print]") && print());
watchSearch(document);
document.getElementById("faults")?.focus();
