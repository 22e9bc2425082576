/** Where the local run's stack is deployed, as its ARNs and URLs say. */
export const region = 'us-east-1';
export const account = '000000000000';
