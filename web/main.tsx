import { render } from "preact";
import { App } from "./app.tsx";
import { followRoute } from "./route.ts";
import { resume } from "./session.ts";

await resume();
followRoute();
render(<App />, document.getElementById("page")!);
