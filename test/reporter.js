/**
 * Prints the counts of the whole run as one plain line, the last one: for CI, which cannot read
 * jest's own summary.
 */
module.exports = class ClosingLine {
  onRunComplete(_contexts, results) {
    const passed = results.numPassedTests;
    // A file that could not even start holds an unknown number of tests: it counts as one that failed.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    const lines = [
      ...notes(),
      ...skippedTests(results),
      `${passed} passed, ${failed} failed, ${skipped} skipped`,
    ];
    // Jest puts its summary behind every reporter, whatever their order.
    process.once("exit", () => process.stdout.write(`${lines.join("\n")}\n`));
  }
};

/**
 * What the engine tests' set-up found out about this machine, and a reader of the counts should
 * know.
 */
function notes() {
  return JSON.parse(process.env.ACCOUNT_PASSWORDS_TEST_NOTES ?? "[]");
}

/** In CI a skipped test is named, so that nobody takes it for one that has passed. */
function skippedTests({ testResults }) {
  if (!process.env.CI) return [];
  return testResults
    .flatMap((file) => file.testResults)
    .filter(({ status }) => status === "pending" || status === "todo")
    .map(({ fullName }) => `skipped: ${fullName}`);
}
