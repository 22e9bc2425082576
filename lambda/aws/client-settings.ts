/**
 * Settings of a worker's AWS clients: short enough that a call which hangs leaves time for another try before
 * the function is killed. Without `throwOnRequestTimeout` the SDK only warns.
 */
export const clientSettings = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
};
