// What a car says, as it comes in: one web socket per address, shared by every gauge and chart that shows it.
import { createElement as h, useEffect, useRef, useState } from "react";
import { conditions } from "./judging";

const FRAMES_PER_SECOND = 15;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10000;
// An hour at ten readings a second
const KEPT = 36000;
const SIGNED_OUT = 4401;
const GONE = 4404;

const feeds = new Map();

/** Readings of one signal: times in ms of the server's clock, ascending, and their values. */
class Series {
  times = [];
  values = [];

  add(time, value) {
    // Sent again after a lost connection: known already
    if (time <= this.times.at(-1)) return;
    this.times.push(time);
    this.values.push(value);
    if (this.times.length > KEPT * 1.1) {
      this.times = this.times.slice(-KEPT);
      this.values = this.values.slice(-KEPT);
    }
  }

  /** Index of the first reading at or after `time`. */
  from(time) {
    let low = 0;
    let high = this.times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.times[middle] < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  get latest() {
    return this.values.at(-1);
  }
}

class Feed {
  constructor(address) {
    this.address = address;
    this.clear();
    this.state = "connecting";
    this.holding = new Set();
    this.painters = new Set();
    this.listeners = new Set();
    this.failures = 0;
  }

  clear() {
    this.series = new Map();
    this.newest = null;
    this.counted = [];
  }

  of(pid) {
    if (!this.series.has(pid)) this.series.set(pid, new Series());
    return this.series.get(pid);
  }

  /** The time at the right edge: the server's clock, carried on between two readings; null before the first. */
  get now() {
    if (this.newest === null) return null;
    return this.newest + (this.isMoving ? performance.now() - this.arrived : 0);
  }

  /** Whether the picture goes on by itself between two frames. */
  get isMoving() {
    return this.state === "connected" && this.newest !== null && performance.now() - this.arrived < 1000;
  }

  /** Readings a second, over the last three. */
  get rate() {
    const now = performance.now();
    this.counted = this.counted.filter(([at]) => now - at < 3000);
    const sum = this.counted.reduce((total, [, count]) => total + count, 0);
    return Math.round(sum / 3);
  }

  use(painter, listener) {
    if (painter) this.painters.add(painter);
    if (listener) this.listeners.add(listener);
    if (!this.socket) this.open();
    this.paintSoon();
    return () => {
      this.painters.delete(painter);
      this.listeners.delete(listener);
      // React leaves and enters again in one go
      setTimeout(() => !this.painters.size && !this.listeners.size && this.close(), 200);
    };
  }

  open() {
    clearTimeout(this.timer);
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}${this.address}`);
    this.socket = socket;
    socket.onmessage = (event) => this.take(JSON.parse(event.data));
    socket.onopen = () => {
      this.failures = 0;
    };
    socket.onclose = (event) => {
      if (this.socket !== socket) return;
      if (event.code === SIGNED_OUT || event.code === GONE || this.state === "ended") return this.tell("ended");
      this.tell("offline");
      const wait = Math.min(FIRST_WAIT_MS * 2 ** this.failures++, LONGEST_WAIT_MS);
      this.timer = setTimeout(() => this.open(), wait * (0.5 + Math.random()));
    };
  }

  close() {
    clearTimeout(this.timer);
    cancelAnimationFrame(this.frame);
    this.frame = null;
    const { socket } = this;
    this.socket = null;
    socket?.close();
    feeds.delete(this.address);
  }

  take(message) {
    if (message.t === "samples" || message.t === "latest") {
      for (const [after, pid, value] of message.rows) this.of(pid).add(message.base_ms + after, value);
      const last = message.rows.at(-1);
      if (!last) return;
      this.newest = Math.max(this.newest ?? 0, message.base_ms + last[0]);
      this.arrived = performance.now();
      if (message.t === "samples") this.counted.push([this.arrived, message.rows.length]);
      this.holding = conditions((pid) => this.series.get(pid)?.latest);
      this.paintSoon();
    } else if (message.t === "session" || message.t === "state") this.tell(message.state, message.reason);
    else if (message.t) this.listeners.forEach((listener) => listener(message));
  }

  /** To a recording: {speed}, {paused} or {seek_ms}. */
  wish(control) {
    if (control.seek_ms !== undefined) this.clear();
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(control));
  }

  tell(state, reason = "") {
    this.state = state;
    this.listeners.forEach((listener) => listener({ t: "state", state, reason }));
  }

  paintSoon() {
    this.frame ??= requestAnimationFrame((time) => this.paint(time));
  }

  paint(time) {
    this.frame = null;
    if (time - (this.painted ?? 0) >= 1000 / FRAMES_PER_SECOND) {
      this.painted = time;
      this.painters.forEach((painter) => painter(this));
    }
    if (this.painters.size && this.isMoving) this.paintSoon();
  }
}

/** The feed behind this address; null for none. */
export function feedOf(address) {
  if (!address) return null;
  if (!feeds.has(address)) feeds.set(address, new Feed(address));
  return feeds.get(address);
}

/** Calls `painter(feed)` at most 15 times a second while something comes in. */
export function usePainter(address, painter, ...changing) {
  useEffect(() => feedOf(address)?.use(painter), [address, ...changing]);
}

/** As people here write it; units are separate. */
export function numberIn(signal) {
  const format = new Intl.NumberFormat(document.documentElement.lang || "de", {
    minimumFractionDigits: signal.decimals,
    maximumFractionDigits: signal.decimals,
    signDisplay: signal.low < 0 && signal.unit === "%" ? "exceptZero" : "auto",
  });
  return (value) => (value === undefined ? "–" : format.format(value));
}

/** Connection and speed in words, and the word to whoever asks what became of the car. */
export function LiveStatus({ address, words, onState, onNews }) {
  const [shown, setShown] = useState({ state: "connecting", rate: 0 });
  const handlers = useRef({});
  handlers.current = { onState, onNews };
  useEffect(() => {
    const feed = feedOf(address);
    if (!feed) return;
    const look = () => setShown({ state: feed.state, rate: feed.rate });
    const timer = setInterval(look, 1000);
    const leave = feed.use(null, (message) => {
      look();
      if (message.t === "state") handlers.current.onState?.(message.state, message.reason ?? "");
      else handlers.current.onNews?.(message.t);
    });
    return () => {
      clearInterval(timer);
      leave();
    };
  }, [address]);
  const { state, rate } = shown;
  const word = words[state] ?? words.offline;
  return h(
    "p",
    { className: "cb-live-status", "data-state": state, role: "status" },
    h("span", { className: "cb-live-dot", "aria-hidden": true }),
    h("span", null, word),
    state === "connected" && h("span", { className: "cb-muted cb-num", "aria-hidden": true }, words.rate.replace("{{rate}}", rate)),
  );
}

/** Play, speed and place of a recording; `words`: play, pause, speed, place. */
export function Replay({ address, words, startedMs, endedMs }) {
  const [paused, setPaused] = useState(false);
  const [speed, setSpeed] = useState(1);
  const [place, setPlace] = useState(startedMs);
  useEffect(() => {
    const feed = feedOf(address);
    const leave = feed.use(null, (message) => message.t === "end" && setPaused(true));
    const timer = setInterval(() => feed.newest && setPlace(feed.newest), 250);
    return () => {
      clearInterval(timer);
      leave();
    };
  }, [address]);
  const feed = () => feedOf(address);
  const seek = (to) => {
    setPlace(to);
    feed().wish({ seek_ms: to });
    feed().wish({ paused: false });
    setPaused(false);
  };
  const turn = () => {
    // At its end a recording begins again
    if (paused && place >= endedMs - 1000) return seek(startedMs);
    feed().wish({ paused: !paused });
    setPaused(!paused);
  };
  const clock = new Date(Math.max(0, place - startedMs)).toISOString().slice(11, 19).replace(/^00:/, "");
  return h(
    "div",
    { className: "cb-replay" },
    h("button", { type: "button", className: "cb-btn cb-btn-outline", onClick: turn }, paused ? words.play : words.pause),
    h("input", {
      type: "range",
      "aria-label": words.place,
      "aria-valuetext": clock,
      min: startedMs,
      max: endedMs,
      step: 1000,
      value: place,
      onChange: (event) => seek(Number(event.target.value)),
    }),
    h("span", { className: "cb-num", "aria-hidden": true }, clock),
    h(
      "select",
      {
        className: "cb-input",
        "aria-label": words.speed,
        value: speed,
        onChange: (event) => {
          setSpeed(Number(event.target.value));
          feed().wish({ speed: Number(event.target.value) });
        },
      },
      [1, 2, 5, 10, 20].map((one) => h("option", { key: one, value: one }, `${one}×`)),
    ),
  );
}
