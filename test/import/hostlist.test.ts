import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compressHostlist, expandHostlist } from "../../import/slurm/hostlist.ts";
import { InvalidInput } from "../../model/problem.ts";

const complaint = (text: string) => {
  try {
    expandHostlist(text);
  } catch (error) {
    if (error instanceof InvalidInput) return error.message;
    throw error;
  }
  return "accepted";
};

describe("expanding", () => {
  test.each<[string, string[]]>([
    ["node1", ["node1"]],
    ["a[1-3]", ["a1", "a2", "a3"]],
    ["a[01-03,101]", ["a01", "a02", "a03", "a101"]],
    ["a[8-11]", ["a8", "a9", "a10", "a11"]],
    ["a[098-101]", ["a098", "a099", "a100", "a101"]],
    ["a[1-2]b[1-2]", ["a1b1", "a1b2", "a2b1", "a2b2"]],
    ["rack[0-1]node[01-02]-ib", ["rack0node01-ib", "rack0node02-ib", "rack1node01-ib", "rack1node02-ib"]],
    ["a[1,3],b2, c[5]", ["a1", "a3", "b2", "c5"]],
    ["[1-2]", ["1", "2"]],
    ["host.example.org", ["host.example.org"]],
    ["a[ 1 , 2 ]", ["a1", "a2"]],
    ["", []],
    [",,", []],
  ])("%s", (text, names) => {
    expect(expandHostlist(text)).toEqual(names);
  });

  test.each<[string, string]>([
    ["a[1-3", 'invalid host list\n  "a[1-3" does not close its bracket'],
    ["a1-3]", 'invalid host list\n  "a1-3]" closes a bracket that it did not open'],
    ["a[[1]]", 'invalid host list\n  "a[[1]]" has a bracket in a bracket'],
    ["a[3-1]", 'invalid host list\n  "a[3-1]": the range 3-1 ends before it begins'],
    ["a[x-y]", 'invalid host list\n  "a[x-y]": "x-y" is no number, and no range of two'],
    ["a[]", 'invalid host list\n  "a[]": "" is no number, and no range of two'],
    ["a[1-9999999999]", 'invalid host list\n  "a[1-9999999999]": a number has more than 9 digits'],
    ["a[1-999999999]", 'invalid host list\n  "a[1-999999999]" makes more than 100000 names'],
    ["a[1-999]b[1-999]c[1-999]", 'invalid host list\n  "a[1-999]b[1-999]c[1-999]" makes more than 100000 names'],
    ["a$(x)", 'invalid host list\n  "a$(x)" is no host name: letters, digits, dots and hyphens are'],
  ])("%s is refused", (text, message) => {
    expect(complaint(text)).toBe(message);
  });

  test("a list that is too long is refused before it is split", () => {
    expect(complaint("a,".repeat(1_000_000))).toContain("has 2000000 characters");
    expect(complaint(`${"a[1-90000],".repeat(2)}`)).toContain("makes more than 100000 names");
  });

  test("any text has names, or is refused", () => {
    const letters = fc.constantFrom(...'a1[]-,.0 9b\\"*');
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: letters })), (text) => {
        complaint(text);
      }),
    );
  });
});

describe("compressing", () => {
  test.each<[string[], string]>([
    [["a1", "a2", "a3"], "a[1-3]"],
    [["a08", "a09", "a10", "a11"], "a[08-11]"],
    [["a8", "a9", "a10", "a100"], "a[8-10,100]"],
    [["a1", "a01"], "a[1,01]"],
    [["a99", "a100", "a098"], "a[99,098,100]"],
    [["b", "a7", "a7"], "a7,b"],
  ])("%j", (names, text) => {
    expect(compressHostlist(names)).toBe(text);
  });

  const name = fc
    .tuple(fc.stringMatching(/^[a-z]{1,2}-?$/), fc.option(fc.stringMatching(/^\d{1,3}$/), { nil: "" }))
    .map(([prefix, digits]) => prefix + digits);

  test("what is compressed expands to the same names", () => {
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 60 }), (names) => {
        expect(expandHostlist(compressHostlist(names)).sort()).toEqual([...names].sort());
      }),
    );
  });
});
