import Base
import CYaml

/// What libyaml found next in a text.
struct YAMLEvent {
  enum Kind {
    case streamStart, streamEnd, documentStart, documentEnd
    case alias(String)
    /// `plain`: without quotes, so that the core schema gives it a type.
    case scalar(text: String, plain: Bool)
    case sequenceStart, sequenceEnd, mappingStart, mappingEnd
  }

  let kind: Kind
  var anchor: String?
  var tag: String?
  /// Counted from 1.
  let line: Int

  /// The bytes of a scalar's text.
  var textBytes: Int { if case .scalar(let text, _) = kind { text.utf8.count } else { 0 } }
}

/// The events of one YAML text, from libyaml's `yaml_parser_parse`.
///
/// libyaml keeps pointers into its own parser object and to the text, so both live at addresses of
/// their own until this value dies.
@safe struct YAMLEventReader: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let text: UnsafeMutableBufferPointer<UInt8>
  private let file: String

  init(_ source: [UInt8], file: String) throws(Failure) {
    unsafe parser = .allocate(capacity: 1)
    unsafe parser.initialize(to: yaml_parser_t())
    unsafe text = .allocate(capacity: max(1, source.count))
    _ = unsafe text.initialize(from: source)
    self.file = file
    guard unsafe yaml_parser_initialize(parser) == 1 else {
      throw Failure("no memory to parse \(file)", remedy: "Close other programs.")
    }
    unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    unsafe yaml_parser_set_input_string(parser, text.baseAddress!, source.count)
  }

  deinit {
    unsafe yaml_parser_delete(parser)
    unsafe parser.deallocate()
    unsafe text.deallocate()
  }

  /// The next event.
  ///
  /// - Throws: ``Failure`` naming file, line and column of a syntax error.
  mutating func next() throws(Failure) -> YAMLEvent {
    var event = unsafe yaml_event_t()
    guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw syntaxError() }
    defer { unsafe yaml_event_delete(&event) }
    let line = unsafe Int(clamping: event.start_mark.line) + 1
    switch unsafe event.type {
    case YAML_STREAM_START_EVENT: return YAMLEvent(kind: .streamStart, line: line)
    case YAML_DOCUMENT_START_EVENT: return YAMLEvent(kind: .documentStart, line: line)
    case YAML_DOCUMENT_END_EVENT: return YAMLEvent(kind: .documentEnd, line: line)
    case YAML_SEQUENCE_END_EVENT: return YAMLEvent(kind: .sequenceEnd, line: line)
    case YAML_MAPPING_END_EVENT: return YAMLEvent(kind: .mappingEnd, line: line)
    case YAML_ALIAS_EVENT:
      let name = unsafe string(event.data.alias.anchor) ?? ""
      return YAMLEvent(kind: .alias(name), line: line)
    case YAML_SEQUENCE_START_EVENT:
      let data = unsafe event.data.sequence_start
      return unsafe YAMLEvent(
        kind: .sequenceStart, anchor: string(data.anchor), tag: string(data.tag), line: line)
    case YAML_MAPPING_START_EVENT:
      let data = unsafe event.data.mapping_start
      return unsafe YAMLEvent(
        kind: .mappingStart, anchor: string(data.anchor), tag: string(data.tag), line: line)
    case YAML_SCALAR_EVENT:
      let data = unsafe event.data.scalar
      let content = unsafe UnsafeBufferPointer(start: data.value, count: data.length)
      let text = unsafe String(decoding: content, as: UTF8.self)
      return unsafe YAMLEvent(
        kind: .scalar(text: text, plain: data.style == YAML_PLAIN_SCALAR_STYLE),
        anchor: string(data.anchor), tag: string(data.tag), line: line)
    default: return YAMLEvent(kind: .streamEnd, line: line)
    }
  }

  private func string(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    guard let pointer = unsafe pointer else { return nil }
    return unsafe String(cString: pointer)
  }

  private func syntaxError() -> Failure {
    let state = unsafe parser.pointee
    let reason = unsafe state.problem.map { unsafe String(cString: $0) } ?? "it cannot be read"
    // The reader's errors carry a byte offset in place of a mark.
    let atReader = unsafe state.error == YAML_READER_ERROR
    let mark = unsafe state.problem_mark
    let place =
      unsafe atReader
      ? "byte \(state.problem_offset)" : "line \(mark.line + 1), column \(mark.column + 1)"
    return Failure("\(file), \(place): invalid YAML: \(reason)", remedy: "Mend the file there.")
  }
}
