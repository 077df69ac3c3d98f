/**
 * A Python program on Flux's own Python API (flux-core 0.88). It talks on file descriptor 3, in lines of JSON:
 *
 * - it is asked to submit a job: `{key, account: {name, uid, gid, home}, jobspec}`, the jobspec as text (RFC 25);
 * - it says `{ready}` once it follows the journal, then `{key, id}` or `{key, refused}` of each job, and of each entry of the
 *   job manager's journal (RFC 21) `{event: {id, name, timestamp, context}}`, with the job's name at `submit` and R at `alloc`.
 *
 * Ids are decimal digits in a string: they have 64 bits. Python starts once; the journal and each account that submits
 * have a process of their own, forked from the first, for Flux knows by a connection whose it is. The whole ends once
 * the socket is closed, and with the first process that fails.
 */
export const bridgeProgram = String.raw`
import json, os, signal, socket, sys
import flux, flux.constants, flux.job, flux.job.journal

outside = socket.socket(fileno=3)


def say(**words):
    outside.sendall(json.dumps(words).encode() + b"\n")


def follow_journal():
    handle = flux.Flux()

    def tell(event):
        if event is None:
            sys.exit("the journal has ended")
        if event.is_empty():
            return say(ready=True)
        entry = {"id": str(int(event.jobid)), "name": event.name, "timestamp": event.timestamp, "context": event.context}
        if event.jobspec is not None:
            entry["job"] = event.jobspec["attributes"]["system"].get("job", {}).get("name")
        if event.R is not None:
            entry["R"] = event.R
        say(event=entry)

    # From where it stands now on; what came before ends with an empty entry.
    consumer = flux.job.journal.JournalConsumer(handle, full=True, since=float(sys.argv[1]), include_sentinel=True)
    consumer.start()
    consumer.set_callback(tell)
    handle.reactor_run()


def submit_from(inside):
    handle = flux.Flux()
    rest = b""

    def answer(future, key):
        try:
            say(key=key, id=str(int(future.get_id())))
        except OSError as error:
            say(key=key, refused=error.strerror or str(error))

    def attend(*_):
        nonlocal rest
        more = inside.recv(1 << 16)
        if not more:
            return handle.reactor_stop()
        *lines, rest = (rest + more).split(b"\n")
        for line in lines:
            request = json.loads(line)
            flux.job.submit_async(handle, request["jobspec"]).then(answer, request["key"])

    watcher = handle.fd_watcher_create(inside.fileno(), attend, flux.constants.FLUX_POLLIN)
    watcher.start()
    handle.reactor_run()


def become(account):
    if account["uid"] == os.getuid():
        return
    os.initgroups(account["name"], account["gid"])
    os.setgid(account["gid"])
    os.setuid(account["uid"])
    os.environ.update(HOME=account["home"], USER=account["name"], LOGNAME=account["name"])


processes = set()
submitters = {}


def fork(work, *arguments):
    process = os.fork()
    if process:
        processes.add(process)
        return
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    for submitter in submitters.values():
        submitter.close()
    try:
        work(*arguments)
    except BaseException as error:
        print(error, file=sys.stderr, flush=True)
        os._exit(1)
    os._exit(0)


def submitter_of(account):
    known = submitters.get(account["uid"])
    if known is None:
        known, inside = socket.socketpair()

        def work():
            known.close()
            become(account)
            submit_from(inside)

        fork(work)
        inside.close()
        submitters[account["uid"]] = known
    return known


def leave(status):
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for process in processes:
        os.kill(process, signal.SIGTERM)
    os._exit(status)


signal.signal(signal.SIGCHLD, lambda *_: leave(1))
fork(follow_journal)
with outside.makefile("rb") as requests:
    for line in requests:
        submitter_of(json.loads(line)["account"]).sendall(line)
leave(0)
`;
