export default {
  extensions: ['ts'],
  files: ['test/**/*.slow.ts'],
  timeout: '10m',
};
