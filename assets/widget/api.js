/** The widget's HTTP contract. Every request goes to the host the script came from and carries no cookie. */

/** An answer silent for longer than this is taken for broken; the server keeps it and it is fetched afterwards. */
const SILENCE_MS = 25_000;

/** A refusal of the server: `detail` is already in the visitor's language. */
export class Problem extends Error {
  constructor(status, detail) {
    super(detail ?? `HTTP ${status}`);
    this.status = status;
    this.detail = detail;
  }

  /** The conversation is gone or no longer ours. */
  get endsSession() {
    return this.status === 401 || this.status === 404;
  }
}

export class Api {
  /** Of the interface: the language of new conversations and of refusals. */
  language = "de";
  #root;
  #slug;
  #session;

  /** @param {import("./session.js").Session} session whose conversation is meant by everything but the first two calls */
  constructor(base, slug, session) {
    this.#root = `${base}/api/widget/v1/`;
    this.#slug = encodeURIComponent(slug);
    this.#session = session;
  }

  async workshop() {
    return (await this.#request(this.#slug)).json();
  }

  async createConversation() {
    const page_url = location.origin + location.pathname;
    return (await this.#request(`${this.#slug}/conversations`, { language: this.language, page_url })).json();
  }

  async thread(after) {
    return (await this.#request(this.#path(`?after=${after}`))).json();
  }

  /** Tells the server "human", "typing" or "seen". */
  tell(verb, body = {}) {
    return this.#request(this.#path(`/${verb}`), body);
  }

  liveUrl() {
    const { token } = this.#session.credentials;
    return this.#root.replace("http", "ws") + this.#path(`/live?token=${encodeURIComponent(token)}`);
  }

  /**
   * Posts a message and yields the server-sent events `[name, payload]` of its answer.
   *
   * @param {object|Blob} body words, or what was spoken
   */
  async *answer(body, path = "/messages") {
    const abort = new AbortController();
    let silence;
    const alive = () => {
      clearTimeout(silence);
      silence = setTimeout(() => abort.abort(), SILENCE_MS);
    };
    alive();
    try {
      const response = await this.#request(this.#path(path), body, abort.signal);
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let buffer = "";
      for (let chunk; !(chunk = await reader.read()).done;) {
        alive();
        buffer += chunk.value.replaceAll("\r", "");
        const blocks = buffer.split("\n\n");
        buffer = blocks.pop();
        yield* blocks.map(readEvent).filter(Boolean);
      }
    } finally {
      clearTimeout(silence);
    }
  }

  get photosUrl() {
    return `${this.#root}photos`;
  }

  async openBasket() {
    return (await (await this.#request(`${this.#slug}/photo-baskets`, {})).json()).token;
  }

  async photo(id, token) {
    return (await this.#request(`photos/${id}`, null, null, { token })).blob();
  }

  removePhoto(id, token) {
    this.#request(`photos/${id}`, null, null, { token, method: "DELETE" }).catch(() => {});
  }

  /** The small picture of a photo of this conversation. */
  async file(id) {
    return (await this.#request(this.#path(`/files/${id}`))).blob();
  }

  #path(rest) {
    return `conversations/${this.#session.credentials.id}${rest}`;
  }

  async #request(path, body, signal, { token = this.#session.credentials?.token, method } = {}) {
    const headers = { "Accept-Language": this.language };
    if (token) headers.Authorization = `Bearer ${token}`;
    const isSound = body instanceof Blob;
    if (body) headers["Content-Type"] = `application/${isSound ? "octet-stream" : "json"}`;
    method ??= body ? "POST" : "GET";
    const response = await fetch(this.#root + path, {
      method,
      headers,
      signal,
      body: isSound ? body : body && JSON.stringify(body),
      credentials: "omit",
    });
    if (!response.ok) throw new Problem(response.status, (await response.json().catch(() => ({}))).detail);
    return response;
  }
}

function readEvent(block) {
  const [, name] = /^event: ?(.+)$/m.exec(block) ?? [];
  const lines = [...block.matchAll(/^data: ?(.*)$/gm)].map(([, line]) => line);
  return name && lines.length ? [name, JSON.parse(lines.join("\n"))] : null;
}
