module.exports = require("./toolchain/program.cjs")(`${__dirname}/saved-cluster.ts`);
