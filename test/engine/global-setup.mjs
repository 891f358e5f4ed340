// Finds, once for all engine tests, what they run: the Pulumi command line and the plugin of @pulumi/random.
import { isBuilt } from "../../tools/build.mjs";
import { findOrInstallPulumi } from "../../tools/pulumi.mjs";
import { findRandomPlugin } from "../../tools/random-plugin.mjs";

export default async function globalSetup() {
  const notes = [];
  const pulumi = await findOrInstallPulumi();
  const random = await findRandomPlugin(pulumi);
  process.env.ACCOUNT_PASSWORDS_TEST_PULUMI = pulumi;
  process.env.ACCOUNT_PASSWORDS_TEST_RANDOM = random.folder;
  if (random.standIn) {
    notes.push(
      "@pulumi/random's plugin cannot be downloaded here: the stand-in of test/plugins was used.",
    );
  }
  if (!isBuilt())
    notes.push("dist/ is older than the sources: the engine ran the former (npm run build).");
  process.env.ACCOUNT_PASSWORDS_TEST_NOTES = JSON.stringify(notes);
}
