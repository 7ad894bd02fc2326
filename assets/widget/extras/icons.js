/** What only the cards and the tools of the composer show. */
import { drawing } from "../dom.js";

const PATHS = {
  right: "m9.5 6 6 6-6 6",
  back: "m14.5 6-6 6 6 6",
  tick: "m5 12.5 4.5 4.5L19 7.5",
  cross: "m6 6 12 12M18 6 6 18",
  plus: "M12 5v14M5 12h14",
  octagon: "M8 3h8l5 5v8l-5 5H8l-5-5V8zM12 7.5v5.5M12 16.3v.01",
  triangle: "M12 4 21.5 20h-19zM12 10v4.5M12 17.2v.01",
  calendar: "M4 6.5h16v14H4zM4 10.5h16M8 3.5v4M16 3.5v4",
  phone:
    "M7.5 3.5 10 8.5 8 10.5c1 2.5 3 4.5 5.5 5.5l2-2 5 2.5-.7 3c-.3.8-1 1.2-1.8 1C10.5 19.5 4.5 13.5 3.5 6c-.1-.8.3-1.5 1-1.8z",
  camera: "M3 7.5h4L8.5 5h7L17 7.5h4v12H3zM12 16.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z",
  image: "M3.5 4.5h17v15h-17zM3.5 16l5-5 4 4 3-3 5 5M8.5 8.5v.01",
  microphone: "M12 14.5a3 3 0 0 0 3-3v-6a3 3 0 0 0-6 0v6a3 3 0 0 0 3 3zM5.5 11a6.5 6.5 0 0 0 13 0M12 17.5V21",
};

export const icon = (name, size) => drawing(PATHS[name], size);
