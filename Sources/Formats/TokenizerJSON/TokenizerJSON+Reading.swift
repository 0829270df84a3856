public import Base

extension TokenizerJSON {
  /// The most pieces a vocabulary may have.
  public static let maximumPieces = 1 << 24

  /// Reads a `tokenizer.json`'s bytes.
  ///
  /// - Throws: `Failure` naming the part of the file that is wrong or not supported.
  public init(parsing bytes: [UInt8]) throws(Failure) {
    let root: JSON
    do { root = try JSON.parse(bytes) } catch {
      throw Failure("the tokenizer.json is \(error.problem)", remedy: "take the file again")
    }
    try self.init(Node(root, at: ""))
  }

  private init(_ root: Node) throws(Failure) {
    model = try Unigram(root.member("model"))
    if let list = root.optional("added_tokens") {
      for node in try list.elements() { addedTokens.append(try AddedToken(node)) }
    }
    if let node = root.optional("normalizer") { normalizer = try Normalizer(node) }
    if let node = root.optional("pre_tokenizer") { preTokenizer = try PreTokenizer(node) }
    if let node = root.optional("post_processor") { postProcessor = try PostProcessor(node) }
    if let node = root.optional("decoder") { decoder = try Decoder(node) }
  }

  /// A value of the file together with its place, for errors.
  struct Node {
    let json: JSON
    let place: String

    init(_ json: JSON, at place: String) {
      self.json = json
      self.place = place
    }

    func failure(_ what: String) -> Failure {
      Failure(
        "the tokenizer.json \(place.isEmpty ? "" : "at \(place) ")\(what)",
        remedy: "give a file that the tokenizers library wrote")
    }

    func unsupported(_ what: String) -> Failure {
      Failure(
        "the tokenizer.json at \(place) asks for \(what), which is not supported",
        remedy: "give the tokenizer's .model file, if it has one")
    }

    /// A member that must be there.
    func member(_ key: String) throws(Failure) -> Node {
      guard let node = optional(key) else { throw failure("has no \(key)") }
      return node
    }

    /// A member that may be missing or null.
    func optional(_ key: String) -> Node? {
      guard let value = json[key], !value.isNull else { return nil }
      return Node(value, at: place.isEmpty ? key : "\(place).\(key)")
    }

    func elements() throws(Failure) -> [Node] {
      guard let array = json.array else { throw failure("is not a list") }
      return array.enumerated().map { Node($1, at: "\(place)[\($0)]") }
    }

    func string() throws(Failure) -> String {
      guard let value = json.string else { throw failure("is not text") }
      return value
    }

    func integer() throws(Failure) -> Int {
      guard let value = json.int, value >= 0, value <= Int(Int32.max) else {
        throw failure("is not an id or count")
      }
      return value
    }

    func string(_ key: String, default value: String) throws(Failure) -> String {
      guard let node = optional(key) else { return value }
      return try node.string()
    }

    func flag(_ key: String, default value: Bool) throws(Failure) -> Bool {
      guard let node = optional(key) else { return value }
      guard let flag = node.json.bool else { throw node.failure("is neither true nor false") }
      return flag
    }

    func pattern() throws(Failure) -> Pattern {
      if let node = optional("String") { return .text(try node.string()) }
      if let node = optional("Regex") { return .expression(try node.string()) }
      throw failure("is no pattern")
    }
  }
}

extension TokenizerJSON.AddedToken {
  fileprivate init(_ node: TokenizerJSON.Node) throws(Failure) {
    id = try node.member("id").integer()
    content = try node.member("content").string()
    isSingleWord = try node.flag("single_word", default: false)
    stripsLeft = try node.flag("lstrip", default: false)
    stripsRight = try node.flag("rstrip", default: false)
    isSpecial = try node.flag("special", default: false)
    isNormalized = try node.flag("normalized", default: !isSpecial)
  }
}

extension TokenizerJSON.Unigram {
  fileprivate init(_ node: TokenizerJSON.Node) throws(Failure) {
    // Old files name no type; a vocabulary that is a list is Unigram's.
    let type = try node.string("type", default: "Unigram")
    guard type == "Unigram" else { throw node.unsupported("a model of type \(type)") }
    let list = try node.member("vocab")
    guard let entries = list.json.array else { throw list.failure("is not a list") }
    guard !entries.isEmpty, entries.count <= TokenizerJSON.maximumPieces else {
      throw list.failure("has \(entries.count) pieces")
    }
    pieces = []
    pieces.reserveCapacity(entries.count)
    for (id, entry) in entries.enumerated() {
      guard let text = entry[0]?.string, let score = entry[1]?.double, entry.array?.count == 2,
        score.isFinite
      else { throw list.failure("has an entry \(id) that is not a piece and its score") }
      pieces.append((text, score))
    }
    unknownID = try node.optional("unk_id")?.integer()
    if let unknownID, unknownID >= pieces.count {
      throw node.failure("has an unk_id of \(unknownID) among \(pieces.count) pieces")
    }
    byteFallback = try node.flag("byte_fallback", default: false)
  }
}

extension TokenizerJSON.Normalizer {
  fileprivate init(_ node: TokenizerJSON.Node) throws(Failure) {
    switch try node.member("type").string() {
    case "Sequence":
      var steps: [Self] = []
      for step in try node.member("normalizers").elements() { steps.append(try Self(step)) }
      self = .sequence(steps)
    case "Prepend": self = .prepend(try node.member("prepend").string())
    case "Replace":
      self = .replace(
        try node.member("pattern").pattern(), with: try node.member("content").string())
    case let type: throw node.unsupported("the normaliser \(type)")
    }
  }
}

extension TokenizerJSON.PrependScheme {
  fileprivate init(_ node: TokenizerJSON.Node) throws(Failure) {
    guard let scheme = node.optional("prepend_scheme") else {
      self = try node.flag("add_prefix_space", default: true) ? .always : .never
      return
    }
    guard let value = Self(rawValue: try scheme.string()) else {
      throw scheme.failure("is none of always, first, never")
    }
    self = value
  }
}

extension TokenizerJSON.PreTokenizer {
  fileprivate init(_ node: TokenizerJSON.Node) throws(Failure) {
    switch try node.member("type").string() {
    case "Sequence":
      var steps: [Self] = []
      for step in try node.member("pretokenizers").elements() { steps.append(try Self(step)) }
      self = .sequence(steps)
    case "Metaspace":
      self = .metaspace(
        replacement: try node.string("replacement", default: "\u{2581}"),
        scheme: try TokenizerJSON.PrependScheme(node), splits: try node.flag("split", default: true)
      )
    case let type: throw node.unsupported("the pre-tokenizer \(type)")
    }
  }
}

extension TokenizerJSON.TemplatePart {
  fileprivate init(_ node: TokenizerJSON.Node) throws(Failure) {
    if let part = node.optional("Sequence") {
      self = .sequence(
        try part.member("id").string(), typeID: try part.member("type_id").integer())
    } else if let part = node.optional("SpecialToken") {
      self = .special(
        try part.member("id").string(), typeID: try part.member("type_id").integer())
    } else {
      throw node.failure("is neither Sequence nor SpecialToken")
    }
  }
}

extension TokenizerJSON.PostProcessor {
  fileprivate init(_ node: TokenizerJSON.Node) throws(Failure) {
    let type = try node.member("type").string()
    guard type == "TemplateProcessing" else {
      throw node.unsupported("the post-processor \(type)")
    }
    func parts(_ key: String) throws(Failure) -> [TokenizerJSON.TemplatePart] {
      guard let list = node.optional(key) else { return [] }
      var parts: [TokenizerJSON.TemplatePart] = []
      for part in try list.elements() { parts.append(try TokenizerJSON.TemplatePart(part)) }
      return parts
    }
    let specials = try node.member("special_tokens")
    guard let members = specials.json.object else { throw specials.failure("is not an object") }
    var ids: [(name: String, ids: [Int])] = []
    for (name, value) in members {
      let special = TokenizerJSON.Node(value, at: "\(specials.place).\(name)")
      var list: [Int] = []
      for id in try special.member("ids").elements() { list.append(try id.integer()) }
      ids.append((name, list))
    }
    self = .template(single: try parts("single"), pair: try parts("pair"), specialIDs: ids)
  }
}

extension TokenizerJSON.Decoder {
  fileprivate init(_ node: TokenizerJSON.Node) throws(Failure) {
    switch try node.member("type").string() {
    case "Sequence":
      var steps: [Self] = []
      for step in try node.member("decoders").elements() { steps.append(try Self(step)) }
      self = .sequence(steps)
    case "ByteFallback": self = .byteFallback
    case "Fuse": self = .fuse
    case "Replace":
      self = .replace(
        try node.member("pattern").pattern(), with: try node.member("content").string())
    case "Strip":
      self = .strip(
        content: try node.member("content").string(), start: try node.member("start").integer(),
        stop: try node.member("stop").integer())
    case "Metaspace":
      self = .metaspace(
        replacement: try node.string("replacement", default: "\u{2581}"),
        scheme: try TokenizerJSON.PrependScheme(node))
    case let type: throw node.unsupported("the decoder \(type)")
    }
  }
}
