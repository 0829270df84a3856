import Base

/// Builds a value from the events of a YAML text.
struct YAMLBuilder: ~Copyable {
  private var events: YAMLEventReader
  private let file: String
  private var nodes = 0
  private var textBytes = 0
  /// Anchored values with the values and bytes of text they hold and how deep they nest.
  private var anchors: [String: (value: JSON, nodes: Int, textBytes: Int, depth: Int)] = [:]
  /// The deepest level reached since it was last reset.
  private var deepest = 0

  init(_ source: [UInt8], file: String) throws(Failure) {
    events = try YAMLEventReader(source, file: file)
    self.file = file
  }

  mutating func document() throws(Failure) -> YAMLDocument {
    var root = JSON.null
    var lines = YAMLLines(line: 1)
    var documents = 0
    while true {
      let event = try events.next()
      switch event.kind {
      case .streamStart, .documentEnd: continue
      case .documentStart:
        documents += 1
        guard documents == 1 else {
          throw failure(event.line, "a second document begins", "Keep one document in the file.")
        }
        root = try value(of: events.next(), into: &lines, depth: 0)
      default: return YAMLDocument(file: file, root: root, lines: lines)
      }
    }
  }

  private func failure(_ line: Int, _ problem: String, _ remedy: String) -> Failure {
    Failure("\(file), line \(line): \(problem)", remedy: remedy)
  }

  private mutating func value(
    of event: YAMLEvent, into lines: inout YAMLLines, depth: Int
  ) throws(Failure) -> JSON {
    try count(event)
    try checkDepth(depth, event.line)
    deepest = depth
    let before = (nodes: nodes, textBytes: textBytes)
    let result: JSON
    switch event.kind {
    case .alias(let name): return try alias(name, event.line, depth: depth)
    case .scalar(let text, let plain):
      do { result = try YAMLScalar.resolve(text, plain: plain, tag: event.tag) } catch {
        throw failure(event.line, error.problem, error.remedy)
      }
    case .sequenceStart: result = try sequence(event, into: &lines, depth: depth)
    case .mappingStart: result = try mapping(event, into: &lines, depth: depth)
    default:
      throw failure(event.line, "a value is missing", "Mend the file there.")
    }
    if let anchor = event.anchor {
      anchors[anchor] = (
        result, nodes - before.nodes + 1, textBytes - before.textBytes + event.textBytes,
        deepest - depth
      )
    }
    return result
  }

  private mutating func sequence(
    _ start: YAMLEvent, into lines: inout YAMLLines, depth: Int
  ) throws(Failure) -> JSON {
    try checkTag(start, "tag:yaml.org,2002:seq")
    var elements: [JSON] = []
    var reached = depth
    while true {
      let event = try events.next()
      if case .sequenceEnd = event.kind { break }
      var part = YAMLLines(line: event.line)
      elements.append(try value(of: event, into: &part, depth: depth + 1))
      lines.parts.append(part)
      reached = max(reached, deepest)
    }
    deepest = reached
    return .array(elements)
  }

  private mutating func mapping(
    _ start: YAMLEvent, into lines: inout YAMLLines, depth: Int
  ) throws(Failure) -> JSON {
    try checkTag(start, "tag:yaml.org,2002:map")
    var members: [(key: String, value: JSON)] = []
    var seen: Set<ExactText> = []
    var reached = depth
    while true {
      let event = try events.next()
      if case .mappingEnd = event.kind { break }
      let key = try key(event)
      guard seen.insert(ExactText(key)).inserted else {
        throw failure(
          event.line, "the key \(Sanitiser.visible(String(key.prefix(80)))) occurs twice",
          "Remove one of the two.")
      }
      var part = YAMLLines(line: event.line)
      members.append((key, try value(of: events.next(), into: &part, depth: depth + 1)))
      lines.parts.append(part)
      reached = max(reached, deepest)
    }
    deepest = reached
    return .object(JSONObject(distinct: members))
  }

  private mutating func key(_ event: YAMLEvent) throws(Failure) -> String {
    try count(event)
    switch event.kind {
    case .scalar(let text, _):
      if let anchor = event.anchor { anchors[anchor] = (.string(text), 1, text.utf8.count, 0) }
      return text
    case .alias(let name):
      if let anchored = anchors[name], case .string(let text) = anchored.value {
        try count(0, anchored.textBytes, event.line)
        return text
      }
      throw failure(event.line, "the key *\(name) is no text", "Write the key out.")
    default:
      throw failure(event.line, "a key is a list or a mapping", "Use a plain word as the key.")
    }
  }

  private mutating func alias(_ name: String, _ line: Int, depth: Int) throws(Failure) -> JSON {
    guard let anchored = anchors[name] else {
      throw failure(line, "nothing is anchored as &\(name)", "Put the anchor before its alias.")
    }
    try count(anchored.nodes, anchored.textBytes, line)
    try checkDepth(depth + anchored.depth, line)
    deepest = depth + anchored.depth
    return anchored.value
  }

  private mutating func count(_ event: YAMLEvent) throws(Failure) {
    try count(1, event.textBytes, event.line)
  }

  private mutating func count(_ values: Int, _ bytes: Int, _ line: Int) throws(Failure) {
    nodes = nodes.addingClamping(values)
    textBytes = textBytes.addingClamping(bytes)
    guard textBytes <= YAML.textLimit else {
      throw failure(
        line, "more than \(Format.bytes(YAML.textLimit)) of text, aliases expanded",
        "Use fewer aliases.")
    }
    guard nodes <= YAML.nodeLimit else {
      throw failure(
        line, "more than \(Format.count(YAML.nodeLimit)) values, aliases expanded",
        "Use fewer aliases.")
    }
  }

  private func checkDepth(_ depth: Int, _ line: Int) throws(Failure) {
    guard depth <= YAML.depthLimit else {
      throw failure(line, "nesting deeper than \(YAML.depthLimit)", "Flatten the file.")
    }
  }

  private func checkTag(_ event: YAMLEvent, _ expected: String) throws(Failure) {
    guard let tag = event.tag, tag != expected, tag != "!" else { return }
    throw failure(event.line, "the tag \(Sanitiser.visible(tag)) is unknown", "Remove the tag.")
  }
}
