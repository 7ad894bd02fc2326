/**
 * What one browser tab remembers: `{id, token, open, language, seen}`, in sessionStorage only. Nothing is written
 * before the visitor opens the chat (§ 25 Abs. 2 Nr. 2 TDDDG).
 */
export class Session {
  constructor(slug) {
    this.key = `carbot:${slug}`;
    this.values = {};
    try {
      this.values = JSON.parse(sessionStorage.getItem(this.key)) ?? {};
    } catch {
      // Storage is blocked or holds something foreign: the chat then lasts as long as the page.
    }
  }

  get credentials() {
    const { id, token } = this.values;
    return token ? { id, token } : null;
  }

  /**
   * On our own page a link from an SMS continues the thread it belongs to: `#c=<conversation>.<secret>`. A
   * fragment never reaches a server; the secret leaves the address and the history at once.
   */
  resume() {
    const [, id, token] = location.hash.split(/[.=]/);
    if (!token) return;
    this.remember({ id, token });
    location.replace("#");
  }

  remember(changes) {
    Object.assign(this.values, changes);
    try {
      sessionStorage.setItem(this.key, JSON.stringify(this.values));
    } catch {
      // See above.
    }
  }
}
