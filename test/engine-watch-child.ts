// A provider process that does nothing but watch its engine. With `busy` it would go on for ever.
import { watchEngine } from "../provider/engine-watch";

watchEngine();
if (process.argv[3] === "busy") setInterval(() => undefined, 1000);
process.send?.("watching");
process.disconnect();
