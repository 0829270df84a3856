public import Base

/// What kind of thing happened in a run.
public struct EventKind: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral,
  CustomStringConvertible
{
  public let rawValue: String

  public init(rawValue: String) { self.rawValue = rawValue }
  public init(stringLiteral value: String) { rawValue = value }

  public var description: String { rawValue }

  public static let start: EventKind = "start"
  public static let resume: EventKind = "resume"
  public static let checkpoint: EventKind = "checkpoint"
  public static let spike: EventKind = "spike"
  public static let skip: EventKind = "skip"
  /// A change of the learning rate from outside its schedule.
  public static let lr: EventKind = "lr"
  public static let rollback: EventKind = "rollback"
  public static let validation: EventKind = "validation"
  public static let warning: EventKind = "warning"
  public static let error: EventKind = "error"
  /// The end of the process's work; its text begins with "finished", "stopped" or "failed".
  public static let end: EventKind = "end"
  /// Answers to requests.
  public static let pause: EventKind = "pause"
  public static let `continue`: EventKind = "continue"
  public static let save: EventKind = "save"
  public static let stop: EventKind = "stop"
}

/// Something that happened at a step of a run.
public struct RunEvent: Equatable, Sendable {
  public var step: Int
  public var kind: EventKind
  /// One line for people.
  public var text: String
  /// More about it for programs; null if there is nothing.
  public var data: JSON
  /// Milliseconds since 1970.
  public var milliseconds: Int
  /// Whether a later segment goes on from before the step at which it was told.
  public var isSuperseded = false

  public init(step: Int, kind: EventKind, text: String, data: JSON = .null, milliseconds: Int = 0) {
    self.step = step
    self.kind = kind
    self.text = text
    self.data = data
    self.milliseconds = milliseconds
  }

  /// The step at which it was told, later than its own for what only shows in hindsight: `told` of ``data``.
  public var toldAt: Int { max(step, data["told"]?.int ?? step) }

  /// The moment it was recorded.
  public var time: Timestamp { Timestamp(seconds: Double(milliseconds) / 1000) }

  /// The payload, see docs/run-record.md.
  var payload: [UInt8] {
    var writer = ByteWriter()
    writer.put(count: step)
    writer.put(count: milliseconds)
    writer.put(text: kind.rawValue)
    writer.put(text: text)
    writer.put(text: data == .null ? "" : data.text())
    return writer.bytes
  }

  init(_ reader: inout ByteReader) throws(Malformed) {
    step = try reader.count(upTo: SegmentHeader.maximumStep)
    milliseconds = try reader.count(upTo: SegmentHeader.maximumStep)
    kind = EventKind(rawValue: try reader.text())
    text = try reader.text()
    let json = try reader.text()
    data = json.isEmpty ? .null : (try? JSON.parse(json)) ?? .null
  }
}
