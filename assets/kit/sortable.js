// Lists that are put in order by mouse, finger or keyboard (@dnd-kit/core); what was dropped stays where it
// was dropped until the server's new order arrives, or goes back when `revision` says that it failed.
import { DndContext, DragOverlay, KeyboardSensor, MeasuringStrategy, MouseSensor, TouchSensor, useDraggable, useDroppable, useSensor, useSensors } from "@dnd-kit/core";
import { createContext, createElement as h, useContext, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";

const CARD = "card";
const SHELF = "shelf";
const MOUSE_PX = 4;
const TOUCH_MS = 120;
const TOUCH_PX = 8;
const AreaContext = createContext({ order: [], gone: "", landing: undefined, sortable: true, disabled: true });
const ItemContext = createContext({});
const useEffectInBrowser = typeof window === "undefined" ? useEffect : useLayoutEffect;

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
const nearest = (list, distance) => list.reduce((best, one) => (!best || distance(one) < distance(best) ? one : best), undefined);

function places(context, kind) {
  return [...context.droppableContainers.values()]
    .filter((container) => container?.data.current?.kind === kind && !container.disabled && context.droppableRects.has(container.id))
    .map((container) => ({ id: container.id, container, rect: context.droppableRects.get(container.id) }))
    .filter(({ rect }) => rect.height > 0)
    .sort((one, other) => one.rect.top - other.rect.top);
}

// Under the pointer a shelf wins; else the card whose middle is nearest. Keys aim at a corner exactly.
function find({ collisionRect, pointerCoordinates, droppableContainers, droppableRects }) {
  const context = { droppableContainers: new Map(droppableContainers.map((one) => [one.id, one])), droppableRects };
  const cards = places(context, CARD);
  const shelves = places(context, SHELF);
  let hit;
  if (pointerCoordinates) {
    const { x, y } = pointerCoordinates;
    const inside = ({ rect }) => x >= rect.left && x <= rect.right && y >= rect.top && y <= rect.bottom;
    const beside = cards.some(({ rect }) => x >= rect.left && x <= rect.right);
    hit = shelves.find(inside) ?? (beside ? nearest(cards, ({ rect }) => Math.abs(rect.top + rect.height / 2 - y)) : undefined);
  } else {
    hit = nearest([...cards, ...shelves], ({ rect }) => Math.hypot(rect.left - collisionRect.left, rect.top - collisionRect.top));
  }
  return hit ? [{ id: hit.id, data: { droppableContainer: hit.container, value: 0 } }] : [];
}

// Up and down within the cards or the shelves, left to the shelves, right back to the cards.
function step(event, { context }) {
  const { over, collisionRect } = context;
  if (!["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"].includes(event.code) || !collisionRect) return undefined;
  event.preventDefault();
  const cards = places(context, CARD);
  const shelves = places(context, SHELF);
  const isOnShelf = over?.data.current?.kind === SHELF;
  const list = isOnShelf ? shelves : cards;
  const at = list.findIndex(({ id }) => id === over?.id);
  const target = {
    ArrowUp: list[Math.max(at - 1, 0)],
    ArrowDown: list[Math.min(at + 1, list.length - 1)],
    ArrowLeft: isOnShelf ? undefined : (shelves.find(({ container }) => container.data.current.current) ?? shelves[0]),
    ArrowRight: isOnShelf ? (cards.find(({ id }) => id === `${CARD}:${context.active?.id}`) ?? cards[0]) : undefined,
  }[event.code];
  return target && { x: target.rect.left, y: target.rect.top };
}

function reordered(order, code, target) {
  const [from, to] = [order.indexOf(code), order.indexOf(target)];
  const next = order.filter((one) => one !== code);
  next.splice(to, 0, code);
  return from < 0 || to < 0 ? order : next;
}

function useOrder(ids, revision) {
  const [moved, setMoved] = useState({ order: undefined, gone: "" });
  const key = ids.join(" ");
  useEffectInBrowser(() => setMoved({ order: undefined, gone: "" }), [key, revision]);
  return [{ order: moved.order ?? ids, gone: moved.gone }, setMoved];
}

// Keys keep their place: the handle that was dropped has the focus again after the list was drawn anew.
function useFocusBack(ids) {
  const code = useRef("");
  useEffect(() => {
    if (!code.current) return;
    if (document.activeElement === document.body) document.querySelector(`[data-drag-handle="${CSS.escape(code.current)}"]`)?.focus();
    code.current = "";
  }, [ids.join(" ")]);
  return code;
}

function announcements(words, order) {
  const place = (over) => ({ shelf: over?.data.current?.label, place: order.indexOf(over?.data.current?.code) + 1, count: order.length });
  const say = (word) => ({ active, over }) => {
    const kind = over?.data.current?.kind;
    return fill(words[kind ? `${word}_${kind}` : `${word}_nowhere`] ?? "", { name: active.data.current?.title ?? "", ...place(over) });
  };
  return {
    onDragStart: ({ active }) => fill(words.lifted, { name: active.data.current?.title ?? "", place: order.indexOf(active.id) + 1, count: order.length }),
    onDragOver: say("over"),
    onDragEnd: say("dropped"),
    onDragCancel: ({ active }) => fill(words.cancelled, { name: active.data.current?.title ?? "" }),
  };
}

function Ghost({ card }) {
  return h(
    "div",
    null,
    h(
      "div",
      { className: "cb-drag-ghost" },
      h("span", { className: "cb-drag-dots", "aria-hidden": true }),
      h("span", { className: "cb-drag-ghost-text" }, h("strong", null, card.title), h("span", null, card.detail)),
      h("b", null, card.trailing),
    ),
  );
}

export function DragArea({ ids, revision, sortable = true, disabled = false, words, onDrop, children, ...attributes }) {
  const [shown, setMoved] = useOrder(ids, revision);
  const [active, setActive] = useState(undefined);
  const [over, setOver] = useState(undefined);
  const focusBack = useFocusBack(ids);
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: MOUSE_PX } }),
    useSensor(TouchSensor, { activationConstraint: { delay: TOUCH_MS, tolerance: TOUCH_PX } }),
    useSensor(KeyboardSensor, { coordinateGetter: step }),
  );
  const reset = () => {
    setActive(undefined);
    setOver(undefined);
  };
  const onDragEnd = (event) => {
    reset();
    const { kind, code: target, shelf } = event.over?.data.current ?? {};
    const code = event.active.id;
    if (event.activatorEvent instanceof KeyboardEvent) focusBack.current = code;
    if (kind === SHELF) {
      setMoved({ order: undefined, gone: code });
      onDrop?.(code, "", shelf);
    } else if (kind === CARD && target !== code) {
      const order = reordered(shown.order, code, target);
      setMoved({ order, gone: "" });
      onDrop?.(code, order[order.indexOf(code) + 1] ?? "", "");
    }
  };
  const landing = active && over?.kind === CARD && over.code !== active.code ? { code: over.code, after: shown.order.indexOf(active.code) < shown.order.indexOf(over.code) } : undefined;
  const area = useMemo(() => ({ ...shown, landing, sortable, disabled, role: words.role }), [shown.order, shown.gone, landing?.code, landing?.after, sortable, disabled, words.role]);
  return h(
    DndContext,
    {
      id: "cb-drag",
      sensors,
      collisionDetection: find,
      measuring: { droppable: { strategy: MeasuringStrategy.Always } },
      accessibility: { announcements: announcements(words, shown.order), screenReaderInstructions: { draggable: words.help } },
      onDragStart: (event) => setActive(event.active.data.current),
      onDragOver: (event) => setOver(event.over?.data.current),
      onDragCancel: reset,
      onDragEnd,
    },
    h(AreaContext.Provider, { value: area }, h("div", { ...attributes, "data-drag-active": active ? "" : undefined }, children)),
    h(DragOverlay, { dropAnimation: null, zIndex: 60 }, active ? h(Ghost, { card: active }) : null),
  );
}

// A list item of the area; `title`, `detail`, `trailing` are what the dragged copy shows.
export function DragItem({ code, title, detail, trailing, children, ...attributes }) {
  const { order, gone, landing, sortable, disabled, role } = useContext(AreaContext);
  const drag = useDraggable({ id: code, data: { code, title, detail, trailing }, disabled, attributes: { roleDescription: role } });
  const drop = useDroppable({ id: `${CARD}:${code}`, data: { kind: CARD, code }, disabled: !sortable });
  const ref = (node) => {
    drag.setNodeRef(node);
    drop.setNodeRef(node);
  };
  const line = landing?.code === code ? (landing.after ? "after" : "before") : undefined;
  const style = { order: order.indexOf(code), display: gone === code ? "none" : undefined };
  return h("li", { ...attributes, ref, style, "data-dragging": drag.isDragging ? "" : undefined, "data-drop": line }, h(ItemContext.Provider, { value: { drag, code, disabled } }, children));
}

export function DragHandle({ label, children, ...attributes }) {
  const { drag, code, disabled } = useContext(ItemContext);
  if (disabled) return null;
  return h("button", { type: "button", ...attributes, ...drag.attributes, ...drag.listeners, ref: drag.setActivatorNodeRef, "aria-label": label, "data-drag-handle": code }, children);
}

// A place outside the list that takes what is dropped on it.
export function DropShelf({ shelf, label, current = false, children, ...attributes }) {
  const { disabled } = useContext(AreaContext);
  const drop = useDroppable({ id: `${SHELF}:${shelf}`, data: { kind: SHELF, shelf, label, current }, disabled });
  return h("div", { ...attributes, ref: drop.setNodeRef, "data-over": drop.isOver ? "" : undefined }, children);
}
