// A short sound in the open app at the live hints this person chose; the server knows which.
import { useEffect } from "react";

const QUIET_MS = 3000;
const NOTES = [660, 880];

function ring(audio) {
  NOTES.forEach((frequency, number) => {
    const start = audio.currentTime + number * 0.16;
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0.0001, start);
    volume.gain.exponentialRampToValueAtTime(0.2, start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.15);
    tone.connect(volume).connect(audio.destination);
    tone.start(start);
    tone.stop(start + 0.16);
  });
}

export function SoundBell() {
  useEffect(() => {
    // Asked for at the first hint: only then somebody is surely signed in
    let asked;
    let audio;
    let last = 0;
    const forget = () => {
      asked = undefined;
    };
    const fetchKinds = async () => {
      const answer = await fetch("/api/push/sounds").catch(() => undefined);
      if (answer?.ok) return (await answer.json()).kinds;
      forget();
      return [];
    };
    const onLive = async ({ detail }) => {
      // The promise is kept, not what it gives: an answer on its way when the choice changed must not be kept
      const kinds = await (asked ??= fetchKinds());
      if (!kinds.includes(detail) || Date.now() - last < QUIET_MS) return;
      last = Date.now();
      audio ??= new AudioContext();
      // Before the first press on the page browsers keep it silent
      await audio.resume().catch(() => {});
      ring(audio);
      window.dispatchEvent(new CustomEvent("carbot:rang", { detail }));
    };
    window.addEventListener("carbot:live", onLive);
    window.addEventListener("carbot:sounds", forget);
    return () => {
      window.removeEventListener("carbot:live", onLive);
      window.removeEventListener("carbot:sounds", forget);
      audio?.close();
    };
  }, []);
  return null;
}
