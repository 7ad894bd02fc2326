// Going on in another workshop of the same person. Nothing of the old one may stay, in no tab of this browser.
const FIRST_PAGE = "/heute/";

function startOver(target) {
  // Without its token the tab gets a new state from the server instead of the old workshop's
  sessionStorage.clear();
  location.assign(target);
}

// Pages are also rendered by the build, where an open channel would never end
const tabs = typeof document === "undefined" ? null : new BroadcastChannel("carbot.workshop");
if (tabs) tabs.onmessage = () => startOver(FIRST_PAGE);

export async function switchWorkshop(id, target, unreachable) {
  let answer;
  try {
    answer = await fetch("/api/auth/workshop", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ workshop_id: id }),
    });
  } catch {
    window.carbotToast?.("err", unreachable);
    return;
  }
  if (!answer.ok) {
    // Signed out, or the membership has ended: the page finds out what is left
    location.reload();
    return;
  }
  tabs.postMessage(null);
  startOver(target);
}
