import { render } from "preact";
import { start } from "./state/session.ts";
import { App } from "./views/app.tsx";

render(<App />, document.querySelector("#app")!);
void start();
