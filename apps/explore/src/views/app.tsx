import { notice, page } from "../state/store.ts";
import { LogsView } from "./logs-view.tsx";
import { OperateView } from "./operate/operate-view.tsx";
import { ServicesView } from "./services-view.tsx";
import { TopBar } from "./top-bar.tsx";

/** The whole page. */
export function App() {
  const { view } = page.value;
  return (
    <>
      <a class="skip" href="#main">
        To the content
      </a>
      <TopBar />
      {view === "logs" && <LogsView />}
      {view === "services" && <ServicesView />}
      {view === "operate" && <OperateView />}
      <div class={notice.value === "" ? "notice" : "notice shown"} role="status">
        {notice.value}
      </div>
    </>
  );
}
