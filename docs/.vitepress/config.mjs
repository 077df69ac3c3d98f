/** The pages of docs/ as a site: make docs. */
export default {
  title: "schedfront",
  description: "Which scheduler, with which parameters, serves an HPC cluster best",
  cleanUrls: true,
  outDir: "../results/docs",
  srcExclude: ["decisions/**/README.md", "node_modules/**"],
  // Files of the repository that are no pages; test/docs.test.ts checks that they are there.
  ignoreDeadLinks: [/\.\.\/[A-Z]/, /^\.\/decisions$/],
  vite: { publicDir: false },
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    nav: [
      { text: "Tutorial", link: "/tutorial" },
      { text: "Reference", link: "/reference" },
    ],
    sidebar: [
      { text: "Start", items: [{ text: "Overview", link: "/" }, { text: "Tutorial", link: "/tutorial" }] },
      {
        text: "How to",
        items: [
          { text: "Import your cluster and log", link: "/import" },
          { text: "Sweeps", link: "/sweeps" },
          { text: "The report", link: "/report" },
          { text: "Publish with a paper", link: "/artifact" },
          { text: "Virtual time", link: "/virtual-time" },
          { text: "NixOS images", link: "/nix" },
          { text: "Add a scheduler", link: "/add-a-scheduler" },
          { text: "Add a workload", link: "/add-a-workload" },
        ],
      },
      {
        text: "Reference",
        items: [
          { text: "Stack and sweep files", link: "/reference" },
          { text: "Metrics", link: "/metrics" },
          { text: "Workloads", link: "/workloads" },
          { text: "Kernels", link: "/kernels" },
          { text: "Slurm", link: "/slurm" },
          { text: "Volcano", link: "/volcano" },
          { text: "Flux", link: "/flux" },
          { text: "Versions", link: "/versions" },
        ],
      },
      {
        text: "Explanations",
        items: [
          { text: "Emulated nodes", link: "/emulated-nodes" },
          { text: "Pareto fronts", link: "/pareto" },
          { text: "Statistics", link: "/statistics" },
          { text: "Faults", link: "/faults" },
        ],
      },
    ],
  },
};
