/**
 * The conversation without its looks: what has been said, what is on its way, and who answers.
 *
 * Messages are the server's, in its order, followed by the visitor's own drafts until the server has stored them
 * (`state` "sending" or "failed"). An answer being written has `state` "streaming" and no `seq` yet.
 */
import { Problem } from "./api.js";
import { Live } from "./live.js";

export const MESSAGE_LIMIT = 4_000;
const TYPING_PAUSE_MS = 3_000;
const TYPING_SHOWN_MS = 6_000;
const RESUME_FIRST_WAIT_MS = 400;
const RESUME_LONGEST_WAIT_MS = 5_000;
const RESUME_ATTEMPTS = 25;
const RECENT_MS = 2 * 60_000;

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

/** UUIDv4; `crypto.randomUUID` is missing on host pages without TLS. */
const uuid = () =>
  "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) =>
    (digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (digit / 4)))).toString(16),
  );

/** Stored messages by `seq`, then the answer being written, then drafts. */
const rank = ({ seq, author }) => seq ?? (author === "customer" ? 2 : 1) * Number.MAX_SAFE_INTEGER;

export class Conversation {
  messages = [];
  mode = "assistant";
  agentName = null;
  typing = null;
  interrupted = false;
  humanAsked = false;
  #api;
  #session;
  #changed;
  #live;
  #after = 0;
  #announced = 0;
  #queue = [];
  #busy = false;
  #refreshing = null;
  #starting = null;
  #typingTold = 0;
  #typingTimer = 0;

  /**
   * @param {import("./api.js").Api} api
   * @param {import("./session.js").Session} session
   * @param {() => void} changed called after every change
   */
  constructor(api, session, changed) {
    this.#api = api;
    this.#session = session;
    this.#changed = changed;
    this.#live = new Live(
      () => api.liveUrl(),
      (event) => this.#receive(event),
      () => this.#catchUp(Infinity),
    );
  }

  /** Something is being thought about but not a word has come yet. */
  get thinking() {
    const last = this.messages.at(-1);
    return (
      this.#busy &&
      this.mode === "assistant" &&
      last?.author === "customer" &&
      last.state !== "failed" &&
      !this.messages.some(({ state }) => state === "streaming")
    );
  }

  /** Continues the conversation of this tab, if there is one. */
  async resume() {
    if (!this.#session.credentials) return;
    this.#live.open();
    this.#busy = true;
    await this.refresh();
    const last = this.messages.at(-1);
    if (last && last.author === "customer" && Date.now() - Date.parse(last.created_at) < RECENT_MS)
      await this.#awaitAnswer(last.seq);
    else if (last?.state === "streaming") await this.#awaitAnswer(last.seq - 1);
    this.#busy = false;
    this.#changed();
    this.#drain();
  }

  /** The network is back or the page is looked at again. */
  wake() {
    this.#live.hurry();
    this.#changed();
  }

  pause() {
    this.#live.close();
  }

  unpause() {
    if (this.#session.credentials) this.#live.open();
  }

  /**
   * @param {{kind: "slot"|"reply"|"lamp", value: string}} [choice] what a button stands for
   * @param {{files: object[], basket?: string, voice?: Blob}} [enclosed] photos sent before, or what was spoken
   */
  send(text, choice, enclosed) {
    const draft = {
      id: uuid(),
      author: "customer",
      text,
      choice,
      parts: [],
      created_at: new Date().toISOString(),
      state: "sending",
      ...enclosed,
    };
    this.messages.push(draft);
    this.#enqueue(draft);
  }

  retry(draft) {
    if (draft.state !== "failed") return;
    draft.state = "sending";
    this.#enqueue(draft);
  }

  async askHuman() {
    this.humanAsked = true;
    this.#changed();
    try {
      await this.#ensureSession();
      await this.#api.tell("human");
      await this.refresh();
    } catch {
      this.humanAsked = false;
      this.#changed();
    }
  }

  tellTyping() {
    if (!this.#session.credentials || Date.now() - this.#typingTold < TYPING_PAUSE_MS) return;
    this.#typingTold = Date.now();
    this.#api.tell("typing").catch(() => {});
  }

  /** The visitor has the newest message before their eyes. */
  tellSeen() {
    const seq = Math.max(
      0,
      ...this.messages.filter(({ author }) => author !== "customer").map((message) => message.seq ?? 0),
    );
    if (!this.#session.credentials || seq <= (this.#session.values.seen ?? 0)) return;
    this.#session.remember({ seen: seq });
    this.#api.tell("seen", { seq }).catch(() => {});
  }

  /** Whether a person of the workshop wrote something the visitor has not seen. */
  get unread() {
    return this.messages.some(({ author, seq }) => author === "staff" && seq > (this.#session.values.seen ?? 0));
  }

  /** Fetches what is new. Failing to reach the server changes nothing; @returns whether it was reached. */
  refresh() {
    this.#refreshing ??= this.#fetchNew().finally(() => (this.#refreshing = null));
    return this.#refreshing;
  }

  async #fetchNew() {
    if (!this.#session.credentials) return true;
    const announced = this.#announced;
    this.#announced = 0;
    try {
      const thread = await this.#api.thread(this.#after);
      thread.messages.forEach((message) => this.#put(message));
      const unfinished = this.messages.find(({ seq, state }) => seq && state === "streaming");
      this.#after = unfinished ? unfinished.seq - 1 : Math.max(this.#after, thread.last_seq);
      this.#setMode(thread);
      if (thread.typing) this.#setTyping(thread.typing);
      // Announced while this was on its way, which may have left before it was stored
      if (!this.#busy && this.#announced > this.#after) return await this.#fetchNew();
      return true;
    } catch (error) {
      this.#announced = Math.max(this.#announced, announced);
      if (!(error instanceof Problem)) return false;
      if (error.endsSession) this.#forget();
      return true;
    }
  }

  #receive(event) {
    if (event.type === "typing") this.#setTyping(event.name);
    if (event.type === "mode") this.#setMode(event);
    if (event.type === "changed") this.#catchUp(event.last_seq);
  }

  /** While an answer is coming in, its own stream tells everything; the rest is fetched right after. */
  #catchUp(seq) {
    this.#announced = Math.max(this.#announced, seq);
    if (!this.#busy && this.#announced > this.#after) this.refresh();
  }

  #setMode({ mode, agent_name }) {
    this.mode = mode;
    this.agentName = agent_name;
    if (mode === "assistant") this.humanAsked = false;
    this.#changed();
  }

  #setTyping(name) {
    clearTimeout(this.#typingTimer);
    this.typing = name ?? null;
    if (name) this.#typingTimer = setTimeout(() => this.#setTyping(null), TYPING_SHOWN_MS);
    this.#changed();
  }

  #put(message) {
    const index = this.messages.findIndex(({ id }) => id === message.id);
    // Fetched before the answer was complete, come after its stream had told the end
    if (message.state === "streaming" && this.messages[index]?.state === "complete") return;
    if (index < 0) this.messages.push(message);
    else this.messages[index] = message;
    if (message.seq === this.#after + 1 && message.state === "complete") this.#after = message.seq;
    if (message.author === "staff") this.typing = null;
    this.messages.sort((a, b) => rank(a) - rank(b));
    this.#changed();
  }

  #enqueue(draft) {
    this.#queue.push(draft);
    this.#changed();
    this.#drain();
  }

  async #drain() {
    if (this.#busy) return;
    this.#busy = true;
    while (this.#queue.length) await this.#deliver(this.#queue.shift());
    this.#busy = false;
    this.#changed();
    this.#catchUp(0);
  }

  async #deliver(draft, mayStartAnew = true) {
    let stored = null;
    try {
      await this.#ensureSession();
      const { id, text, choice, basket, voice } = draft;
      const body = { client_id: id, text, ...(choice && { choice }), ...(basket && { basket }) };
      const sent = voice ? [voice, `/voice?client_id=${id}`] : [body];
      for await (const [name, payload] of this.#api.answer(...sent)) {
        if (name === "message" && !stored && payload.author === "customer") {
          stored = payload;
          this.messages = this.messages.filter((message) => message !== draft);
        }
        if (name === "message") this.#put(payload);
        if (name === "delta") this.#append(payload);
        if (name === "mode") this.#setMode(payload);
        if (name === "done") {
          this.#announced = Math.max(this.#announced, payload.last_seq);
          return;
        }
      }
    } catch (error) {
      if (error instanceof Problem && error.endsSession && mayStartAnew) {
        this.#forget();
        await this.#deliver(draft, false);
        return;
      }
      if (!stored) draft.detail = error.detail;
    }
    if (stored) await this.#awaitAnswer(stored.seq);
    else draft.state = "failed";
    this.#changed();
  }

  /** The stream broke, the server went on: fetch until its answer to message `seq` is there. */
  async #awaitAnswer(seq) {
    const complete = () =>
      this.mode === "human" ||
      (this.messages.some((message) => message.seq > seq && message.author !== "customer") &&
        this.messages.every((message) => !message.seq || message.state !== "streaming"));
    let pause = RESUME_FIRST_WAIT_MS;
    for (let attempts = 0; attempts < RESUME_ATTEMPTS && this.#session.credentials;) {
      if (await this.refresh()) attempts += 1;
      if (complete()) break;
      this.interrupted = true;
      this.#changed();
      await wait(pause);
      pause = Math.min(RESUME_LONGEST_WAIT_MS, pause * 1.5);
    }
    this.interrupted = false;
    this.messages = this.messages.filter((message) => message.seq || message.author === "customer");
    this.#changed();
  }

  #append({ message_id, text }) {
    const answer = this.messages.find(({ id }) => id === message_id);
    if (answer?.state === "streaming") answer.text += text;
    else if (!answer)
      this.#put({
        id: message_id,
        author: "assistant",
        text,
        parts: [],
        created_at: new Date().toISOString(),
        state: "streaming",
      });
    this.#changed();
  }

  /** A first message and a call for a person at the same moment share one conversation. */
  async #ensureSession() {
    if (this.#session.credentials) return;
    this.#starting ??= this.#api.createConversation().finally(() => (this.#starting = null));
    const { conversation_id, token } = await this.#starting;
    this.#session.remember({ id: conversation_id, token, seen: 0 });
    this.#live.open();
  }

  #forget() {
    this.#live.close();
    this.#session.remember({ id: null, token: null, seen: 0 });
    this.messages = this.messages.filter(({ state }) => state === "sending" || state === "failed");
    this.#after = 0;
    this.#announced = 0;
    this.#setMode({ mode: "assistant", agent_name: null });
  }
}
