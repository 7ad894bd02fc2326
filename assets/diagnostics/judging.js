// What is normal now. The rules are those of domains/diagnostics/signals.py, and a test holds both together.

/** What holds now, of the latest value of a pid; the same rule as conditions() in domains/diagnostics/signals.py. */
export function conditions(latest) {
  const found = new Set();
  const turns = latest(0x0c);
  if (turns !== undefined) {
    found.add(turns >= 300 ? "running" : "off");
    const pressed = Math.max((latest(0x49) ?? 0) - 20, (latest(0x45) ?? 0) - 8);
    if (turns >= 300 && turns < 1500 && !latest(0x0d) && pressed <= 0) found.add("idle");
  }
  if ((latest(0x05) ?? -40) >= 75) found.add("warm");
  return found;
}

/** "normal", "unusual" or "alarm", as judge() in domains/diagnostics/signals.py. */
export function judge(signal, value, holding) {
  const band = bandOf(signal, holding);
  if (!band || (band.low <= value && value <= band.high)) return "normal";
  return (band.alarm_low ?? -Infinity) < value && value < (band.alarm_high ?? Infinity) ? "unusual" : "alarm";
}

/** What is normal now, or undefined. */
export function bandOf(signal, holding) {
  return signal.bands.find((band) => band.when.every((condition) => holding.has(condition)));
}
