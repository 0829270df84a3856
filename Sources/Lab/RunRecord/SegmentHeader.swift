public import Base

/// The first record of a segment: who writes it, and from which step it goes on.
public struct SegmentHeader: Equatable, Sendable {
  /// The step it goes on from: whatever older segments hold of later steps is superseded. 0 for a run's start.
  public var from: Int
  /// When the segment was begun, seconds since 1970.
  public var time: Double
  public var writer: ProcessIdentity
  /// The batch system's number of the job; empty outside one.
  public var job: String

  static let magic = Array("kajirun1".utf8)
  static let version = 1
  /// Steps are below 2⁵³, so that every reader of JSON keeps them exact.
  static let maximumStep = 1 << 53

  /// The payload, see docs/run-record.md.
  var payload: [UInt8] {
    var writer = ByteWriter()
    writer.put(Self.magic)
    writer.put(count: Self.version)
    writer.put(count: from)
    writer.put(double: time)
    writer.put(text: self.writer.host)
    writer.put(text: self.writer.bootID)
    writer.put(count: self.writer.pid)
    writer.put(count: self.writer.startTime)
    writer.put(text: job)
    return writer.bytes
  }

  init(from: Int, time: Double, writer: ProcessIdentity, job: String) {
    self.from = from
    self.time = time
    self.writer = writer
    self.job = job
  }

  /// Reads a payload; more bytes than are known are from a later Kaji and are passed over.
  init(_ reader: inout ByteReader) throws(Malformed) {
    guard try Array(reader.take(8)) == Self.magic, try reader.varint() == Self.version else {
      throw Malformed()
    }
    from = try reader.count(upTo: Self.maximumStep)
    time = try reader.double()
    let host = try reader.text()
    let boot = try reader.text()
    let pid = try reader.count(upTo: Int(Int32.max))
    writer = ProcessIdentity(
      host: host, bootID: boot, pid: pid, startTime: try reader.count(upTo: .max))
    job = try reader.text()
  }
}

/// The name of a segment's file: `0001-HOST-PID`.
struct SegmentName: Comparable {
  /// Above every segment's number, so that there is always a next one.
  private static let greatest = 1 << 53

  let number: Int
  let text: String

  /// Takes a file name apart; `nil` if it is no segment's.
  init?(_ name: String) {
    let parts = name.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count >= 3, parts[0].count >= 4, parts[0].allSatisfy({ $0.isASCII && $0.isNumber }),
      let number = Int(parts[0]), (1..<Self.greatest).contains(number),
      Int(parts[parts.count - 1]) != nil
    else { return nil }
    self.number = number
    text = name
  }

  static func make(_ number: Int, _ writer: ProcessIdentity) -> String {
    "\(Format.pad(number, 4))-\(writer.host)-\(writer.pid)"
  }

  static func < (a: SegmentName, b: SegmentName) -> Bool { (a.number, a.text) < (b.number, b.text) }
}
