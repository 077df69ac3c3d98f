/** Settings of slurm.conf that say nothing of how jobs are scheduled, or that name what only the site has, and why each is left out. */
const rules: readonly (readonly [RegExp, string])[] = [
  [
    /^(controlmachine|controladdr|backupcontroller|backupaddr|slurmctld(addr|port|host)|slurmdport|accountingstorage(host|backuphost|port|user|pass|loc|externalhost)|dbd\w+|srunportrange|mpiparams|tcptimeout|x11parameters|communicationparameters|maildomain|routeplugin|treewidth|topology(plugin|param)|switch(type|parameters)|federationparameters|schedulerport|srunepilog|noderank)$/,
    "is of the site's own hosts and network",
  ],
  [
    /(prolog|epilog|program|plugins?|plugstackconfig|plugindir)$|^(mailprog|job_submit_plugins|clifilterplugins|launchtype|launchparameters|slurmctldparameters|preplugins|jobcontainertype|jobcontainerparameters|jobcheckpointdir|checkpointtype|burstbuffertype|nodefeaturesplugins|corespecplugin|extsensors\w+|acctgather\w+|powerparameters|powerplugin|gputype|gpufreqdef|prologslurmctld|epilogslurmctld|slurmdparameters)$/,
    "starts or loads something that is the site's own",
  ],
  [
    /^(auth(info|alttypes|altparameters)|crypto\w+|cred\w+|jobcredential\w+|privatedata|usepam|disablerootjobs|slurmd?user|slurmctlduser|statesavelocation|slurmd?spooldir|slurmdspooldir|\w+pidfile|tmpfs|propagate\w+|propagateprioprocess|certmgr\w+|tlstype|tlsparameters|certgen\w+|namespace\w+)$/,
    "is of the site's accounts and files",
  ],
  [
    /(debug\w*|logfile|loglevel)$|^(\w*syslog\w*|slurmsched\w+|jobcomp\w+|logtimeformat|debugflags|jobacct\w+|accountingstoreflags|accountingstoragetype)$/,
    "is of logs and accounting records",
  ],
  [
    /^(suspend\w*|resume\w*|reconfigflags|reboot\w*|healthcheck\w*|keepalivetime|unkillablestep\w*|slurmdtimeout|slurmctldtimeout|messagetimeout|inactivelimit|waittime|returntoservice|tmpdisk|vsizefactor|firstjobid|maxjobid|hashplugin|dependencyparameters|mcs\w+|interactivestepoptions|getenvtimeout|batchstarttimeout|epilogmsgtime|grouptimeout|groupupdate\w*|minjobage|cloud_\w+|data_parser\w*|scron\w*|maxnodecount|sbcastparameters|srunparameters|salloc\w*|jobfileappend|trackwckey)$/,
    "is of how daemons and nodes are run, which emulated nodes do not share",
  ],
  [
    /^(fastschedule|cachegroups|schedulerrootfilter|schedulerauth|memlimitenforce|licensesused|maxtasksperno\w*|sharefairly|jobcredentialdisable|usespecresources|acctgathernodefreq|chos_loc|dynallocport|layouts|msgaggregation\w*|sallocdefaultcommand|preemptdelay|checkpoint\w+|defaultstorage\w*|frontend\w+|authcreduser)$/,
    "is not known to Slurm any more, or says nothing of scheduling",
  ],
  [/^accountingstorageenforce$/, "needs the site's accounts and qualities of service; here it would keep every job out"],
  [/^(prologflags|proctracktype|taskpluginparam|cgroup\w*|mpidefault)$/, "binds processes, of which emulated nodes have none"],
];

/** Why a setting stays with the site; null where it is taken. */
export function reasonToLeave(key: string, value: string): string | null {
  const plain = key.toLowerCase();
  const rule = rules.find(([pattern]) => pattern.test(plain));
  if (rule !== undefined) return rule[1];
  return /^[/~]|[\s,=:]\/|%[a-zA-Z]/.test(value) ? "names a file of the site's own" : null;
}
