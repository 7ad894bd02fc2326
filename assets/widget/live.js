/** A websocket that only says "something changed"; it comes back by itself with backoff and jitter. */

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

export class Live {
  #address;
  #receive;
  #catchUp;
  #socket = null;
  #timer = 0;
  #failures = 0;
  #wanted = false;

  /**
   * @param {() => string} address asked at every attempt
   * @param {(event: object) => void} receive
   * @param {() => void} catchUp fetches what was missed; called before every further attempt
   */
  constructor(address, receive, catchUp) {
    this.#address = address;
    this.#receive = receive;
    this.#catchUp = catchUp;
  }

  open() {
    this.#wanted = true;
    if (!this.#socket) this.#connect();
  }

  close() {
    this.#wanted = false;
    clearTimeout(this.#timer);
    this.#socket?.close();
    this.#socket = null;
  }

  /** The network is back or the page is looked at again: no need to wait any longer. */
  hurry() {
    if (!this.#wanted || this.#socket) return;
    clearTimeout(this.#timer);
    this.#again();
  }

  #connect() {
    const socket = new WebSocket(this.#address());
    this.#socket = socket;
    socket.onopen = () => {
      this.#failures = 0;
      this.#catchUp();
    };
    socket.onmessage = ({ data }) => this.#receive(JSON.parse(data));
    socket.onclose = () => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#failures++);
      this.#timer = setTimeout(() => this.#again(), wait * (0.5 + Math.random() / 2));
    };
  }

  #again() {
    if (!this.#wanted) return;
    if (this.#failures > 1) this.#catchUp();
    this.#connect();
  }
}
