import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  closeCompletion,
  completionKeymap,
  completionStatus,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching } from "@codemirror/language";
import { EditorState, Prec, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, keymap, placeholder } from "@codemirror/view";
import { useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { completeSource } from "../logql/complete-source.ts";
import { logql } from "../logql/language.ts";
import { draft, run } from "../state/session.ts";
import { api, rangeNow } from "../state/store.ts";
import { editorTheme } from "./editor-theme.ts";
import { problem } from "./query-problem.ts";

const setProblem = StateEffect.define<number | undefined>();
const underline = Decoration.mark({ class: "cm-problem" });

/** Underlines from where the server says the query is wrong to the end of that word. */
const problemField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    for (const effect of transaction.effects) {
      if (!effect.is(setProblem)) continue;
      const { doc } = transaction.state;
      if (effect.value === undefined || doc.length === 0) return Decoration.none;
      const from = Math.min(effect.value, doc.length - 1);
      const word = /^(\w+|\W)/.exec(doc.sliceString(from, from + 100))?.[0] ?? " ";
      return Decoration.set([underline.range(from, Math.min(from + word.length, doc.length))]);
    }
    return transaction.docChanged ? Decoration.none : marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** The LogQL editor. It lives in a shadow tree, where its styles need no exception from the page's policy. */
export function QueryEditor() {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView>(undefined);
  useEffect(() => {
    const root = host.current!.shadowRoot ?? host.current!.attachShadow({ mode: "open" });
    const view = new EditorView({ state: editorState(), parent: root, root });
    editor.current = view;
    return () => view.destroy();
  }, []);
  useSignalEffect(() => {
    const text = draft.value;
    const view = editor.current;
    if (view !== undefined && view.state.doc.toString() !== text)
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
  });
  useSignalEffect(() => {
    const offset = problem.value?.offset;
    editor.current?.dispatch({ effects: setProblem.of(offset) });
  });
  return <div class="editor" ref={host} onFocus={() => editor.current?.focus()} />;
}

/** Runs what is written; a list that is open or on its way has come too late. */
function ask(view: EditorView): boolean {
  closeCompletion(view);
  run(view.state.doc.toString());
  return true;
}

function editorState(): EditorState {
  /** Takes the chosen completion; where that changes nothing, all is written. */
  const runKey = (view: EditorView): boolean => {
    const { doc } = view.state;
    if (completionStatus(view.state) === "active" && acceptCompletion(view) && !view.state.doc.eq(doc)) return true;
    return ask(view);
  };
  return EditorState.create({
    doc: draft.value,
    extensions: [
      Prec.highest(
        keymap.of([
          { key: "Enter", run: runKey },
          { key: "Mod-Enter", run: ask },
        ]),
      ),
      history(),
      closeBrackets(),
      bracketMatching(),
      autocompletion({
        override: [completeSource({ api: () => api.value, range: rangeNow })],
        icons: false,
        interactionDelay: 0,
      }),
      keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
      logql(),
      problemField,
      EditorView.lineWrapping,
      placeholder('{app="…"} |= "text"'),
      editorTheme,
      EditorView.contentAttributes.of({ "aria-label": "LogQL query", spellcheck: "false", autocapitalize: "off" }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) draft.value = update.state.doc.toString();
      }),
    ],
  });
}
