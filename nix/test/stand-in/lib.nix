# As much of nixpkgs' lib and of its module system as the project's modules use, for machines that have no nixpkgs. What
# is not here is a name that lacks; `nix flake check` asks the real one.
let
  inherit (builtins)
    all
    attrNames
    attrValues
    concatLists
    concatMap
    concatStringsSep
    elem
    elemAt
    filter
    foldl'
    groupBy
    head
    isAttrs
    isBool
    isFunction
    isInt
    isList
    isPath
    isString
    length
    listToAttrs
    mapAttrs
    match
    removeAttrs
    split
    stringLength
    substring
    tail
    toJSON
    ;

  dotted = concatStringsSep ".";
  typeOf = value: if isAttrs value then value._type or null else null;

  mkOption = option: { _type = "option"; } // option;
  mkIf = condition: content: {
    _type = "if";
    inherit condition content;
  };
  mkMerge = contents: {
    _type = "merge";
    inherit contents;
  };
  mkOverride = priority: content: {
    _type = "override";
    inherit priority content;
  };
  priorities = {
    force = 50;
    plain = 100;
    default = 1000;
    option = 1500;
  };

  # A definition is { file; value; }. Of its properties the values stay, each with its priority.
  discharge =
    definition:
    let
      inherit (definition) value;
      inner = content: discharge (definition // { value = content; });
    in
    {
      "if" = if value.condition then inner value.content else [ ];
      merge = concatMap inner value.contents;
      override = map (each: each // { inherit (value) priority; }) (inner value.content);
    }
    .${toString (typeOf value)} or [ ({ priority = priorities.plain; } // definition) ];

  # The same for a set of options: the property moves to each name, so that names are known before any condition is.
  pushDown =
    definition:
    let
      inherit (definition) value;
      inner = content: pushDown (definition // { value = content; });
      each = property: map (found: found // { value = mapAttrs (_: property) found.value; });
    in
    {
      "if" = each (mkIf value.condition) (inner value.content);
      merge = concatMap inner value.contents;
      override = each (mkOverride value.priority) (inner value.content);
    }
    .${toString (typeOf value)} or [ definition ];

  evaluateTree =
    path: options: definitions:
    let
      pushed = concatMap pushDown definitions;
      names = { file, value, ... }: map (name: { inherit file name; }) (attrNames value);
      strangers = filter ({ name, ... }: !options ? ${name}) (concatMap names pushed);
      stranger = head strangers;
      of =
        name:
        concatMap (
          definition:
          if definition.value ? ${name} then
            [ (definition // { value = definition.value.${name}; }) ]
          else
            [ ]
        ) pushed;
    in
    if strangers != [ ] then
      throw "the option `${
        dotted (path ++ [ stranger.name ])
      }' does not exist; it is defined in ${stranger.file}"
    else
      mapAttrs (
        name: option:
        (if typeOf option == "option" then evaluateOption else evaluateTree) (path ++ [ name ]) option (
          of name
        )
      ) options;

  evaluateOption =
    path: option: definitions:
    let
      default =
        if option ? default then
          [
            {
              file = "its default";
              value = option.default;
              priority = priorities.option;
            }
          ]
        else
          [ ];
      found = concatMap discharge definitions ++ default;
      highest = foldl' (
        least: { priority, ... }: if priority < least then priority else least
      ) (head found).priority found;
    in
    if !(option ? type && option ? description) then
      throw "the option `${dotted path}' has no type or no description"
    else if found == [ ] then
      throw "the option `${dotted path}' is used but has no value: ${option.description}"
    else
      merge path option.type (filter ({ priority, ... }: priority == highest) found);

  merge =
    path: type: definitions:
    let
      wrong = filter ({ value, ... }: !type.check value) definitions;
    in
    if wrong != [ ] then
      throw "a definition for option `${dotted path}' is not of type `${type.name}': ${toJSON (head wrong).value} in ${(head wrong).file}"
    else
      type.merge path definitions;

  simple = name: check: {
    inherit name check;
    merge =
      path: definitions:
      # A function is equal to nothing, not even to itself.
      if
        length definitions == 1 || all ({ value, ... }: value == (head definitions).value) definitions
      then
        (head definitions).value
      else
        throw "the option `${dotted path}' has different values in ${
          concatStringsSep " and " (map ({ file, ... }: file) definitions)
        }";
  };
  types = rec {
    bool = simple "boolean" isBool;
    str = simple "string" isString;
    strMatching =
      pattern:
      simple "string matching the pattern ${pattern}" (
        value: isString value && match pattern value != null
      );
    int = simple "integer" isInt;
    ints.positive = simple "positive integer" (value: isInt value && value > 0);
    path = simple "path" (value: isPath value || isString value && substring 0 1 value == "/");
    package = simple "package" (value: isAttrs value && value ? outPath);
    enum = values: simple "one of ${toJSON values}" (value: elem value values);
    anything = simple "anything" (_: true);
    function = simple "function" isFunction;
    lines = {
      name = "text";
      check = isString;
      merge = _: definitions: concatStringsSep "\n" (map ({ value, ... }: value) definitions);
    };
    nullOr = type: {
      name = "null or ${type.name}";
      check = value: value == null || type.check value;
      merge =
        path: definitions:
        if all ({ value, ... }: value == null) definitions then null else merge path type definitions;
    };
    listOf = type: {
      name = "list of ${type.name}";
      check = isList;
      merge =
        path: definitions:
        concatLists (
          map (
            { value, ... }@definition:
            map (each: merge (path ++ [ "*" ]) type [ (definition // { value = each; }) ]) value
          ) definitions
        );
    };
    attrsOf = type: {
      name = "set of ${type.name}";
      check = isAttrs;
      merge =
        path: definitions:
        let
          pushed = concatMap pushDown definitions;
        in
        mapAttrs (
          name: found:
          evaluateOption (path ++ [ name ]) {
            inherit type;
            description = "One of them.";
          } (map ({ definition, ... }: definition) found)
        ) (groupBy ({ name, ... }: name) (concatMap named pushed));
    };
    submodule =
      { options }:
      {
        name = "set of options";
        check = isAttrs;
        merge = path: definitions: evaluateTree path options definitions;
      };
  };
  named =
    definition:
    map (name: {
      inherit name;
      definition = definition // {
        value = definition.value.${name};
      };
    }) (attrNames definition.value);

  # A module and what it imports, as { file; options; config; }.
  load =
    arguments: file: module:
    if isPath module || isString module then
      load arguments (toString module) (arguments.importModule module)
    else if isFunction module then
      load arguments file (module arguments)
    else
      let
        own = module._file or file;
        structured = module ? config || module ? options;
        rest = removeAttrs module [
          "_file"
          "config"
          "imports"
          "options"
        ];
      in
      if structured && rest != { } then
        throw "${own}: `${head (attrNames rest)}' stands beside config and options, it belongs into config"
      else
        [
          {
            file = own;
            options = module.options or { };
            config = if structured then module.config or { } else rest;
          }
        ]
        ++ concatMap (load arguments own) (module.imports or [ ]);

  declare = foldl' (
    tree: options:
    tree
    // mapAttrs (
      name: option:
      if typeOf option != "option" && tree ? ${name} then
        declare [
          tree.${name}
          option
        ]
      else
        option
    ) options
  ) { };
in
{
  inherit
    elem
    filter
    head
    mkIf
    mkMerge
    mkOption
    mkOverride
    types
    ;
  mkForce = mkOverride priorities.force;
  mkDefault = mkOverride priorities.default;
  mkPackageOption =
    pkgs: name: _:
    mkOption {
      type = types.package;
      default = pkgs.${name};
      description = "The ${name} package.";
    };
  genAttrs =
    names: value:
    listToAttrs (
      map (name: {
        inherit name;
        value = value name;
      }) names
    );
  optionalAttrs = condition: set: if condition then set else { };
  optionals = condition: list: if condition then list else [ ];
  concatMapStrings = function: list: concatStringsSep "" (map function list);
  removePrefix =
    prefix: text:
    if substring 0 (stringLength prefix) text == prefix then
      substring (stringLength prefix) (stringLength text) text
    else
      text;
  literalExpression = text: { inherit text; };
  mapAttrsToList = function: set: attrValues (mapAttrs function set);
  unique = foldl' (found: each: if elem each found then found else found ++ [ each ]) [ ];
  hasPrefix = prefix: text: substring 0 (stringLength prefix) text == prefix;
  hasInfix = infix: text: length (split infix text) > 1;
  splitString = separator: text: filter isString (split separator text);
  getName = package: package.pname;
  hiPrio = package: package;

  # The options of nixpkgs from names with dots: a list of { path; type; }, where "<name>" stands for any name.
  optionTree =
    let
      tree =
        entries:
        mapAttrs (
          _: group:
          let
            deeper = count: map (entry: entry // { path = drop count entry.path; }) group;
            first = (head group).path;
          in
          if length first == 1 then
            mkOption {
              default = null;
              description = "An option of nixpkgs'.";
              type = types.nullOr (head group).type;
            }
          else if elemAt first 1 == "<name>" then
            mkOption {
              type = types.attrsOf (types.submodule { options = tree (deeper 2); });
              default = { };
              description = "Options of nixpkgs'.";
            }
          else
            tree (deeper 1)
        ) (groupBy (entry: head entry.path) entries);
      drop = count: list: if count == 0 then list else drop (count - 1) (tail list);
    in
    tree;

  # Evaluates modules on options that are there already. @return the configuration
  evaluate =
    {
      modules,
      arguments,
      options,
    }:
    let
      loaded = concatMap (load (arguments // { inherit config; }) "the caller") modules;
      config = evaluateTree [ ] (declare ([ options ] ++ map (module: module.options) loaded)) (
        map ({ file, config, ... }: {
          inherit file;
          value = config;
        }) loaded
      );
    in
    config;
}
