module.exports = require("./toolchain/program.cjs")(`${__dirname}/index.ts`);
