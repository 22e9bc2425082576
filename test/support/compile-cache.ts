/**
 * Jest's setup of every test file: what it starts shares what Node has compiled. Jest's own processes do not, because
 * they would write their part when they exit, and jest waits half a second for that.
 */
process.env.NODE_COMPILE_CACHE = process.env.TESTS_COMPILE_CACHE;
