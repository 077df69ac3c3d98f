import * as pulumi from "@pulumi/pulumi";
import { Benchmark } from "./components/benchmark.ts";
import { Cluster } from "./components/cluster.ts";
import { readTuple, requireCapacity } from "./components/configuration.ts";
import { readExcerpts } from "./components/excerpts.ts";
import { chooseBackend, Image } from "./components/image.ts";
import { Provisioning } from "./components/provisioning.ts";
import { Record } from "./components/record.ts";

export = async () => {
  const tuple = readTuple();
  const { topology, scheduler, workloads } = tuple;
  const hypervisor = await requireCapacity(topology);
  const choice = await chooseBackend(tuple);
  const results = `results/${pulumi.getStack()}`;
  const excerpts = await readExcerpts(tuple, results);

  const image = new Image("image", { tuple, choice }).files;
  const { connection, domainType } = new Cluster("cluster", { topology, image });
  const provisioning = new Provisioning("provisioning", { topology, scheduler, connection });
  const { prepared, network, verified } = provisioning;
  const { runs } = new Benchmark("suite", { topology, scheduler, workloads, excerpts, prepared, verified, after: provisioning, results });
  const { trial, file } = new Record("record", { tuple, runs, image, hypervisor, domainType, network, verified, results });

  const { fidelity, objectives, metrics, validity, provenance } = trial;
  return { fidelity, objectives, metrics, validity, network, provenance, record: file };
};
