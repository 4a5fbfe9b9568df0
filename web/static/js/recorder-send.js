// Sends a take part by part and goes on from what the server says it holds,
// through lost connections, a server that is restarted, and a page that was
// closed in between.
import { chunksOf, takesOf } from "./recorder-store.js";

const partSize = 4 << 20;
const longestWait = 20000;

// A Sender sends one take after the other. It tells what happens by calling
// tell({state, sent, total, message}), done(take) when a take has arrived, and
// renumber(take, number) when another device has used the take's number.
export class Sender {
  constructor(attempt, tell, done, renumber) {
    Object.assign(this, { attempt, tell, done, renumber, busy: false, wake: null, failures: 0 });
    addEventListener("online", () => this.now());
  }

  // now tries at once, and again whenever there is more.
  now() {
    this.wake?.();
    this.more = true;
    if (!this.busy) this.run();
  }

  async run() {
    this.busy = true;
    try {
      for (let again = true; again; ) {
        this.more = false;
        again = false;
        for (const take of await takesOf(this.attempt)) {
          if (!take.stopped && (await this.send(take))) again = true;
        }
        again ||= this.more;
      }
    } finally {
      this.busy = false;
    }
  }

  // send sends what is there of a take; true if it moved on.
  async send(take) {
    const chunks = await chunksOf(take.key);
    const total = chunks.reduce((sum, chunk) => Math.max(sum, chunk.offset + chunk.data.byteLength), 0);
    let at = this.sent?.key === take.key ? this.sent.at : null;
    if (at === null) at = await this.ask(take);
    if (at === null) return false;
    const ended = take.state === "ended";
    if (at >= total && !ended) return false;
    if (total === 0) return false;
    const bytes = new Blob(chunks.map((chunk) => chunk.data)).slice(at, at + partSize);
    const final = ended && at + bytes.size >= total;
    const query = new URLSearchParams({ take: take.number, offset: at, sender: take.sender });
    if (take.uploaded) query.set("uploaded", "true");
    if (final) {
      query.set("final", "true");
      if (take.ms) query.set("duration_ms", Math.round(take.ms));
    }
    const answer = await this.fetch(`/attempts/${this.attempt}/media?${query}`, { method: "PUT", body: bytes, headers: { "Content-Type": take.type } });
    const offset = Number(answer.headers.get("Upload-Offset"));
    if (answer.headers.has("Upload-Offset")) this.sent = { key: take.key, at: offset };
    if (answer.ok) {
      const got = await answer.json();
      this.tell({ state: "sending", take, sent: got.offset, total });
      if (got.finished) {
        this.sent = null;
        await this.done(take);
      }
      return true;
    }
    if (answer.status === 409 && !answer.headers.has("Upload-Offset")) {
      const taken = await this.list();
      if (taken?.some((one) => one.take === take.number && one.sender !== take.sender)) {
        await this.renumber(take, Math.max(...taken.map((one) => one.take)) + 1);
        this.sent = { key: take.key, at: 0 };
        return true;
      }
    }
    const message = await answer.json().then((got) => got.message, () => "");
    if (answer.status === 409 && offset !== at && offset <= total) return true; // go on from there
    if (!(await takesOf(this.attempt)).some((one) => one.key === take.key && !one.stopped)) return false; // given up meanwhile
    this.tell({ state: "refused", take, sent: offset, total, message: answer.status === 401 ? "You are signed out. Sign in again in another tab, then press “Try now”: the take is safe on this device." : message });
    return false;
  }

  // ask finds out how much of a take has arrived.
  async ask(take) {
    const taken = await this.list();
    if (!taken) return null;
    const found = taken.find((one) => one.take === take.number);
    if (found && found.sender !== take.sender) return 0; // another device's: the answer to the first part says so
    if (found?.finished || found?.gone) {
      await this.done(take);
      return null;
    }
    return found?.offset ?? 0;
  }

  async list() {
    const answer = await this.fetch(`/attempts/${this.attempt}/takes`, {});
    return answer.ok ? (await answer.json()).items : null;
  }

  // fetch tries until there is an answer that is not the server's own trouble,
  // waiting longer each time.
  async fetch(address, options) {
    for (;;) {
      try {
        const answer = await fetch(address, options);
        if (answer.status < 500 && answer.status !== 429) {
          this.failures = 0;
          return answer;
        }
        this.tell({ state: "waiting", message: "The server cannot take it just now." });
      } catch {
        this.tell({ state: "waiting", message: "No connection." });
      }
      const wait = Math.min(longestWait, 500 * 2 ** this.failures++);
      await new Promise((go) => {
        const timer = setTimeout(go, wait);
        this.wake = () => {
          clearTimeout(timer);
          go();
        };
      });
      this.wake = null;
    }
  }
}
