import { type ClientHttp2Session, type ClientHttp2Stream, connect } from "node:http2";
import { wholeLines } from "../../whole-lines.ts";

/** One connection to kube-apiserver, which HTTP/2 lets all requests and watches share. */

export interface Credentials {
  readonly url: string;
  /** PEM. */
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/** An object of Kubernetes' API, as far as every object is alike. */
export interface KubernetesObject {
  readonly metadata: {
    readonly name: string;
    readonly resourceVersion?: string;
    readonly deletionTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly { readonly kind: string; readonly name: string }[];
  };
}

export interface List<Item> {
  readonly metadata: { readonly resourceVersion: string };
  readonly items: readonly Item[];
}

/** What a watch tells of one object. */
export type OnChange<Item> = (change: "ADDED" | "MODIFIED" | "DELETED", object: Item) => void;

/** What the apiserver does not do, in its own words. */
export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** kube-apiserver itself gives up after 60 s (its --request-timeout), and says so. */
const requestSeconds = 75;

/** Nothing, or that it did not come to an end, is what kube-apiserver answered in time. */
export class NoAnswer extends Error {}

/** The apiserver ends a watch after a while; one that it refuses is asked for again after so long. */
const againMilliseconds = 500;

export class ApiServer {
  #session: ClientHttp2Session | undefined;
  /** Requests that are not watches, and that somebody waits for. */
  #asked = 0;
  #closed = false;

  constructor(readonly credentials: Credentials) {}

  get = <T>(path: string): Promise<T> => this.#ask("GET", path) as Promise<T>;
  post = <T>(path: string, object: unknown): Promise<T> => this.#ask("POST", path, object) as Promise<T>;
  delete = (path: string): Promise<unknown> => this.#ask("DELETE", path);

  /** Tells of every object under a path, from now on, until {@link close}. Resolves once those that are there have been told of. */
  async watch<Item extends KubernetesObject>(path: string, onChange: OnChange<Item>): Promise<void> {
    const known = new Map<string, Item>();
    const tell: OnChange<Item> = (change, object) => {
      if (change === "DELETED") known.delete(object.metadata.name);
      else known.set(object.metadata.name, object);
      onChange(change, object);
    };
    const version = await this.#list(path, known, tell);
    void this.#follow(path, version, known, tell);
  }

  close() {
    this.#closed = true;
    this.#session?.destroy();
  }

  /** What is there now; what was known and is not, was deleted while nobody watched. */
  async #list<Item extends KubernetesObject>(path: string, known: ReadonlyMap<string, Item>, tell: OnChange<Item>) {
    const { metadata, items } = await this.get<List<Item>>(path);
    const names = new Set(items.map((item) => item.metadata.name));
    for (const [name, object] of [...known]) if (!names.has(name)) tell("DELETED", object);
    for (const item of items) tell(known.has(item.metadata.name) ? "MODIFIED" : "ADDED", item);
    return metadata.resourceVersion;
  }

  async #follow<Item extends KubernetesObject>(path: string, from: string, known: ReadonlyMap<string, Item>, tell: OnChange<Item>) {
    let version: string | null = from;
    while (!this.#closed) {
      try {
        version = version === null ? await this.#list(path, known, tell) : await this.#watchOnce(path, version, tell);
      } catch {
        // It is gone for a moment; what happens then is seen by listing again.
        version = null;
        await new Promise((resolve) => setTimeout(resolve, againMilliseconds).unref());
      }
    }
  }

  /** Follows one watch to its end. @returns the version to go on from; null where the apiserver no longer has it */
  #watchOnce<Item extends KubernetesObject>(path: string, from: string, tell: OnChange<Item>): Promise<string | null> {
    const stream = this.#request("GET", `${path}?watch=1&allowWatchBookmarks=true&resourceVersion=${from}`);
    let version: string | null = from;
    const whole = wholeLines();
    stream.setEncoding("utf8");
    return new Promise((resolve, reject) => {
      stream.on("data", (text: string) => {
        for (const line of whole(text)) {
          const { type, object } = JSON.parse(line) as { type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR"; object: Item };
          if (type === "ERROR") version = null;
          else {
            version = object.metadata.resourceVersion ?? version;
            if (type !== "BOOKMARK") tell(type, object);
          }
        }
      });
      stream.on("error", reject);
      stream.on("close", () => resolve(version));
    });
  }

  async #ask(method: string, path: string, object?: unknown): Promise<unknown> {
    const stream = this.#request(method, path, object);
    // Without a request that somebody waits for, the connection keeps nobody from ending.
    if (++this.#asked === 1) this.#session?.ref();
    try {
      const { status, text } = await answered(stream, `${method} ${path}`);
      const reply = JSON.parse(text) as { message?: string };
      if (status === 504) throw new NoAnswer(`${method} ${path}: ${reply.message ?? text}`);
      if (status >= 400) throw new Refusal(status, reply.message ?? text);
      return reply;
    } finally {
      if (--this.#asked === 0) this.#session?.unref();
    }
  }

  #request(method: string, path: string, object?: unknown): ClientHttp2Stream {
    const body = object === undefined ? undefined : JSON.stringify(object);
    const headers = { ":method": method, ":path": path, accept: "application/json", ...(body && { "content-type": "application/json" }) };
    const stream = this.#connected().request(headers, { endStream: body === undefined });
    if (body !== undefined) stream.end(body);
    return stream;
  }

  #connected(): ClientHttp2Session {
    if (this.#session !== undefined && !this.#session.closed && !this.#session.destroyed) return this.#session;
    const { url, authority, certificate, key } = this.credentials;
    const session = connect(url, { ca: authority, cert: certificate, key });
    // Whoever asks is told by the request's own error.
    session.on("error", () => {});
    if (this.#asked === 0) session.unref();
    this.#session = session;
    return session;
  }
}

/** A stream's whole answer. */
function answered(stream: ClientHttp2Stream, what: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    let status = 0;
    let text = "";
    stream.setEncoding("utf8");
    stream.on("response", (headers) => {
      status = headers[":status"] ?? 0;
    });
    stream.on("data", (part: string) => {
      text += part;
    });
    stream.on("end", () => resolve({ status, text }));
    stream.on("error", (error) => reject(new Error(`${what}: ${error.message}`)));
    stream.setTimeout(requestSeconds * 1000, () => {
      stream.close();
      reject(new NoAnswer(`${what}: no answer from kube-apiserver after ${requestSeconds} s`));
    });
  });
}
