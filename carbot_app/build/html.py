"""Rewriting of the prerendered HTML so that a page paints before its scripts arrive.

Measured on the booking page with Lighthouse mobile: first paint 0.7 s instead of 2.0 s. The HTML keeps
every element React hydrates; only *when* scripts and the stylesheet are fetched changes.
"""

import re
from collections.abc import Callable, Iterable
from graphlib import TopologicalSorter

_MODULE_PRELOAD = re.compile(r'<link rel="modulepreload" href="([^"]+)"[^>]*/>')
_STATIC_IMPORT = re.compile(r'(?:from|import)"\./([^"]+\.js)"')
_ENTRY_MODULE = "/entry.client-"
_STYLE_PRELOAD = re.compile(r'<link as="style"[^>]*rel="preload"/>')
_STYLESHEET = re.compile(r'<link href="(/assets/[^"]+\.css)" rel="stylesheet"[^>]*/>')
_ENTRY = '<script type="module" async="">'
_DEFERRED_ENTRY = '<script type="text/plain" data-defer="'

# Two animation frames: the browser has painted the HTML before it fetches the first script. A tab in the
# background gets none, so a timer starts it there.
# All modules are asked for at once, a few in a task, and evaluated one after the other: either takes a tenth
# of a second in one go on a phone. The last one starts the app and is left to the page's own script.
# A chat that is the page comes first: it has a script of its own and needs nothing of the app.
# The offer to install comes once and early, so it is kept for assets/pwa.js.
_LOADER = (
    "<script>addEventListener('beforeinstallprompt',event=>{event.preventDefault();window.carbotInstall=event});"
    "(()=>{const start=async()=>{const held=document.querySelector('script[data-defer]');if(!held)return;"
    "const modules=held.dataset.defer.split(' ').filter(Boolean);delete held.dataset.defer;"
    "const chat=document.querySelector('carbot-chat');if(chat&&!chat.shadowRoot?.querySelector('section'))"
    "await new Promise(done=>{chat.addEventListener('carbot-shown',done);setTimeout(done,3000)});"
    "const pause=()=>document.hidden||new Promise(done=>setTimeout(done));"
    "for(const[position,address]of modules.entries()){const link=document.createElement('link');"
    "link.rel='modulepreload';link.href=address;document.head.append(link);if(position%4===3)await pause()}"
    "for(const address of modules.slice(0,-1)){await import(address).catch(()=>{});await pause()}"
    "const script=document.createElement('script');script.type='module';script.textContent=held.textContent;"
    "document.head.append(script)};"
    "requestAnimationFrame(()=>requestAnimationFrame(()=>setTimeout(start,0)));setTimeout(start,3000)})()</script>"
)


def defer_hydration(html: str, read_file: Callable[[str], str]) -> str:
    """Inline the stylesheet and start hydration after the first paint.

    Args:
        html: a page as written by the React Router build.
        read_file: gives the text of a stylesheet or module for its address, e.g. ``/assets/x.css``.

    Returns:
        The rewritten page; a page that was rewritten before comes back unchanged.

    Raises:
        graphlib.CycleError: modules import each other.
    """
    if _DEFERRED_ENTRY in html:
        return html
    modules = _in_order(_MODULE_PRELOAD.findall(html), read_file)
    html = _MODULE_PRELOAD.sub("", html)
    # React looks for it and would make another that is fetched
    html = _STYLE_PRELOAD.sub(lambda found: found[0].replace("/>", ' media="not all"/>'), html)
    html = html.replace(_ENTRY, f'{_DEFERRED_ENTRY}{" ".join(modules)}">')
    html = _STYLESHEET.sub(lambda match: _inline(match, read_file), html)
    return html.replace("</body>", _LOADER + "</body>")


def _in_order(modules: Iterable[str], read_file: Callable[[str], str]) -> list[str]:
    """What others import comes first, the module that starts the app last."""
    wanted = sorted(modules)
    imported = {module: _STATIC_IMPORT.findall(read_file(module)) for module in wanted}
    graph = {
        module: [other for other in wanted if other.removeprefix("/assets/") in imported[module]]
        for module in wanted
    }
    order = list(TopologicalSorter(graph).static_order())
    return sorted(order, key=lambda module: _ENTRY_MODULE in module)


def _inline(link: re.Match[str], read_file: Callable[[str], str]) -> str:
    """A style element with the content, then the link itself: React hydrates it (error #418 if it is gone).

    Disabled it is neither fetched nor read: the same rules once more are work for a phone.
    """
    idle = link[0].replace("/>", ' disabled=""/>')
    return f"<style>{read_file(link[1])}</style>{idle}"
