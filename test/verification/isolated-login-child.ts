// A process that logs in when it is told to, as the provider's does.
import { type DatabaseLogin, logInIsolated } from "../../provider/verification/isolated-login";

process.on("message", (login: DatabaseLogin) => {
  void logInIsolated(login).then((verdict) => process.send?.(verdict));
});
