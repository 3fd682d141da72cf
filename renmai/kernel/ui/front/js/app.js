// The whole of the browser's half: htmx does the asking, these modules what HTML cannot. Heavy parts are loaded where they are used.
import htmx from "htmx.org";
import "./ask.js";
import "./menu.js";
import "./dialog.js";
import "./palette.js";
import "./keys.js";
import "./forms.js";
import "./inline.js";
import "./selection.js";
import "./tabs.js";
import "./live.js";
import "./picker.js";
import "./board.js";
import "./lines.js";
import "./tagging.js";
import "./cards.js";
import "./passkey.js";
import "./reveal.js";
import "./criteria.js";
import "./chart.js";
import "./works.js";
import "./columns.js";
import "./widths.js";
import "./files.js";
import "./mention.js";

window.htmx = htmx;
