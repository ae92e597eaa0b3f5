// The script of every page: htmx, and the few behaviours that HTML alone does not give.
// Everything works without it: panels then show a plain link, forms post, menus are <details>.
import htmx from "htmx.org";
import { watchPanels } from "./panels";
import { guardForms } from "./forms";
import { closeMenus } from "./menus";
import { mountPads } from "./pads";
import { forgetAtLogOut } from "./shifts-cache";
import { mountBoard } from "./board";

declare global {
  interface Window {
    htmx: typeof htmx;
  }
}

window.htmx = htmx;
watchPanels();
guardForms();
closeMenus();
mountPads();
forgetAtLogOut();
mountBoard();
