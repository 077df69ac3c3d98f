# Where flake.nix and flake.lock say different things, as sentences; none where they agree.
let
  inherit (builtins)
    attrNames
    concatMap
    filter
    fromJSON
    match
    readFile
    toJSON
    ;
  inherit (import ../flake.nix) inputs;
  inherit (fromJSON (readFile ../flake.lock)) nodes root;
  locked = nodes.${root}.inputs;
  url =
    { type, ... }@original:
    {
      github = "github:${original.owner}/${original.repo}/${original.ref or ""}";
      path = "path:${original.path}";
    }
    .${type} or (toJSON original);
  faultsOf =
    name:
    let
      node = nodes.${locked.${name}};
    in
    if !locked ? ${name} then
      [ "flake.lock has no input ${name}" ]
    else
      (
        if url node.original == inputs.${name}.url then
          [ ]
        else
          [ "${name}: flake.nix says ${inputs.${name}.url}, flake.lock ${url node.original}" ]
      )
      ++ (
        if
          node.locked.type == "path"
          ||
            match "[0-9a-f]{40}" (node.locked.rev or "") != null
            && match "sha256-[A-Za-z0-9+/]{43}=" (node.locked.narHash or "") != null
        then
          [ ]
        else
          [ "${name}: flake.lock has no revision with its hash: ${toJSON node.locked}" ]
      );
in
concatMap faultsOf (attrNames inputs)
++ map (name: "flake.nix has no input ${name}, flake.lock has") (
  filter (name: !inputs ? ${name}) (attrNames locked)
)
