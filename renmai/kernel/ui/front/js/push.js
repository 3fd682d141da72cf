import { ask } from "./ask.js";
import { toast } from "./toast.js";
import { word } from "./words.js";

const ADDRESS = "/notifications/push/";

/** Switches on and off that this browser shows notifications while no page is open. */
class PushSwitch extends HTMLElement {
  async connectedCallback() {
    this.addEventListener("click", ({ target }) => this.pressed(target.closest("[data-push]")));
    if (!("serviceWorker" in navigator) || !("PushManager" in window) || Notification.permission === "denied") return this.say("never");
    this.worker = await navigator.serviceWorker.register("/sw.js");
    this.say((await this.worker.pushManager.getSubscription()) ? "on" : "off");
  }

  say(state) {
    for (const sentence of this.querySelectorAll("[data-says]")) sentence.hidden = sentence.dataset.says !== state;
    for (const button of this.querySelectorAll("[data-push]")) button.hidden = state === "never" || button.dataset.push === state;
  }

  async pressed(button) {
    if (!button) return;
    try {
      await (button.dataset.push === "on" ? this.start() : this.stop());
    } catch {
      toast(word("failed"), { bad: true });
    }
  }

  async start() {
    if ((await Notification.requestPermission()) !== "granted") return this.say("never");
    const given = await this.worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: this.dataset.key });
    const answer = await ask(ADDRESS, { method: "POST", body: JSON.stringify(given) });
    if (!answer.ok) throw new Error(answer.status);
    this.say("on");
  }

  async stop() {
    const given = await this.worker.pushManager.getSubscription();
    await ask(ADDRESS, { method: "DELETE", body: JSON.stringify({ endpoint: given?.endpoint }) });
    await given?.unsubscribe();
    this.say("off");
  }
}
customElements.define("push-switch", PushSwitch);
