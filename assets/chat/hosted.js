// The widget's custom element as a component; what stands inside is seen until its script has taken over.
import { createElement } from "react";

export function HostedChat({ workshop, language, children }) {
  return createElement("carbot-chat", { workshop, language }, children);
}
