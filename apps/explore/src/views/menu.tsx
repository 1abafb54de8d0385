import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";

interface MenuProps {
  readonly label: ComponentChildren;
  /** What a screen reader says for a label that is no text. */
  readonly name?: string;
  readonly className?: string;
  readonly align?: "left" | "right";
  /** `close` puts the menu away and the focus back. */
  readonly children: (close: () => void) => ComponentChildren;
}

/** A button that opens a small panel; Escape or a press elsewhere closes it. */
export function Menu({ label, name, className = "", align = "left", children }: MenuProps) {
  const [isOpen, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  // Before it is painted: what is typed once the panel is seen must go into it.
  useLayoutEffect(() => {
    if (!isOpen) return;
    box.current?.querySelector<HTMLElement>(".panel input, .panel button, .panel a, .panel select")?.focus();
    const away = (event: PointerEvent): void => {
      if (!event.composedPath().includes(box.current!)) setOpen(false);
    };
    addEventListener("pointerdown", away);
    return () => removeEventListener("pointerdown", away);
  }, [isOpen]);
  return (
    <div
      class={`menu ${className}`}
      ref={box}
      onKeyDown={(event) => isOpen && event.key === "Escape" && (event.stopPropagation(), close())}
    >
      <button
        ref={button}
        type="button"
        aria-label={name}
        title={name}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        {label}
      </button>
      {isOpen && (
        <div class={`panel ${align}`} id={id}>
          {children(close)}
        </div>
      )}
    </div>
  );
}
