/** The methods of `console`, from what says most to what says least, by the levels that Lambda's runtime gives them. */
const methods = {
  TRACE: ['trace'],
  DEBUG: ['debug'],
  INFO: ['info', 'log'],
  WARN: ['warn'],
  ERROR: ['error'],
};

/**
 * Takes from `console` the methods that Lambda's runtime takes from it: those below the level of the function's log, if its format is
 * JSON.
 *
 * @see https://github.com/aws/aws-lambda-nodejs-runtime-interface-client
 */
export function quietConsole() {
  const { AWS_LAMBDA_LOG_FORMAT, AWS_LAMBDA_LOG_LEVEL = 'INFO' } = process.env;
  if (AWS_LAMBDA_LOG_FORMAT !== 'JSON') return;
  for (const [level, names] of Object.entries(methods)) {
    if (level === AWS_LAMBDA_LOG_LEVEL) return;
    for (const name of names) Reflect.set(console, name, () => undefined);
  }
}
