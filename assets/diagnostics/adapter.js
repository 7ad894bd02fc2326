// An OBD adapter at this very device, by cable (Web Serial) or Bluetooth (Web Bluetooth): the browser only carries
// bytes between it and the server, which does the talking.
import { createElement as h, useEffect, useRef, useState } from "react";

const BAUD = 38400;
// Adapters with Bluetooth Low Energy and their service, from their makers' manuals: notify, write
const SERVICES = {
  "0000fff0-0000-1000-8000-00805f9b34fb": ["0000fff1-0000-1000-8000-00805f9b34fb", "0000fff2-0000-1000-8000-00805f9b34fb"],
  "0000ffe0-0000-1000-8000-00805f9b34fb": ["0000ffe1-0000-1000-8000-00805f9b34fb", "0000ffe1-0000-1000-8000-00805f9b34fb"],
  "000018f0-0000-1000-8000-00805f9b34fb": ["00002af0-0000-1000-8000-00805f9b34fb", "00002af1-0000-1000-8000-00805f9b34fb"],
  "e7810a71-73ae-499d-8c15-faa9aef0c3f2": ["bef8d6c9-9c21-4c9e-b632-bd58c1009f9f", "bef8d6c9-9c21-4c9e-b632-bd58c1009f9f"],
};
// What a Bluetooth packet holds without negotiation
const PACKET = 20;

async function openSerial(onBytes, onGone) {
  const port = await navigator.serial.requestPort();
  await port.open({ baudRate: BAUD });
  const reader = port.readable.getReader();
  const writer = port.writable.getWriter();
  const listen = async () => {
    try {
      for (let part = await reader.read(); !part.done; part = await reader.read()) onBytes(part.value);
    } catch {
      // Unplugged
    }
    onGone();
  };
  listen();
  return {
    write: (bytes) => writer.write(bytes),
    close: async () => {
      await reader.cancel().catch(() => {});
      writer.releaseLock();
      await port.close().catch(() => {});
    },
  };
}

async function openBluetooth(onBytes, onGone) {
  const names = Object.keys(SERVICES);
  const device = await navigator.bluetooth.requestDevice({ acceptAllDevices: true, optionalServices: names });
  const server = await device.gatt.connect();
  const service = (await server.getPrimaryServices()).find((one) => names.includes(one.uuid));
  if (!service) throw new DOMException("", "NotSupportedError");
  const [told, asked] = SERVICES[service.uuid];
  const from = await service.getCharacteristic(told);
  const to = await service.getCharacteristic(asked);
  from.addEventListener("characteristicvaluechanged", (event) => onBytes(new Uint8Array(event.target.value.buffer)));
  await from.startNotifications();
  device.addEventListener("gattserverdisconnected", onGone);
  const quick = to.properties.writeWithoutResponse;
  return {
    write: async (bytes) => {
      for (let at = 0; at < bytes.length; at += PACKET) {
        const part = bytes.slice(at, at + PACKET);
        await (quick ? to.writeValueWithoutResponse(part) : to.writeValueWithResponse(part));
      }
    },
    close: async () => server.disconnect(),
  };
}

const WAYS = { serial: openSerial, bluetooth: openBluetooth };

/** Buttons for the ways this browser has; `words`: serial, bluetooth, disconnect, neither, refused, gone, silent. */
export function AdapterHere({ address, words, onProblem }) {
  const [way, setWay] = useState("");
  const [offered, setOffered] = useState(null);
  const link = useRef(null);
  useEffect(() => {
    setOffered(Object.keys(WAYS).filter((name) => name in navigator));
    return () => link.current?.();
  }, []);

  const leave = () => {
    link.current?.();
    link.current = null;
    setWay("");
  };
  const connect = async (name) => {
    setWay(name);
    let socket;
    let device;
    link.current = () => {
      socket?.close();
      device?.close();
    };
    try {
      const gone = () => {
        if (link.current) onProblem?.(words.gone);
        leave();
      };
      device = await WAYS[name]((bytes) => socket?.readyState === WebSocket.OPEN && socket.send(bytes), gone);
      const scheme = location.protocol === "https:" ? "wss:" : "ws:";
      socket = new WebSocket(`${scheme}//${location.host}${address}`);
      socket.binaryType = "arraybuffer";
      // One packet after the other: Bluetooth refuses a second while the first is on its way
      let turn = Promise.resolve();
      socket.onmessage = (event) => {
        turn = turn.then(() => device.write(new Uint8Array(event.data))).catch(gone);
      };
      socket.onclose = leave;
    } catch (error) {
      // NotFoundError: the person closed the browser's list of devices
      if (error.name !== "NotFoundError") onProblem?.(error.name === "NotSupportedError" ? words.silent : words.refused);
      leave();
    }
  };

  if (offered === null) return null;
  if (!offered.length) return h("p", { className: "cb-dense cb-muted" }, words.neither);
  const button = (name, text, onClick) => h("button", { key: name, type: "button", className: "cb-btn cb-btn-outline", onClick }, text);
  return h("div", { className: "flex flex-wrap gap-2" }, way ? button("leave", words.disconnect, leave) : offered.map((name) => button(name, words[name], () => connect(name))));
}
