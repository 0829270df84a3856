import Base

/// Reads one segment as it grows.
struct SegmentReader: Sendable {
  /// What a segment hands on, in its order.
  enum Item {
    case header(SegmentHeader)
    case block(MetricBlock)
    case event(RunEvent)
  }

  let path: Path
  let name: SegmentName
  private(set) var header: SegmentHeader?
  /// The names of the segment's metrics, by number.
  private(set) var metrics: [String] = []
  /// Bytes of whole records read so far.
  private(set) var offset = 0
  /// Records that were whole but made no sense.
  private(set) var malformed = 0
  /// What the file looked like when nothing more could be read; it is tried again once it has changed.
  private var tried: FileStatus?
  private var tries = 0
  /// What ended the reading: nothing, a record that may still be completed, or a damaged one.
  private(set) var tail = RecordFrame.Found.incomplete

  /// Bytes read at a time.
  private static let chunk = 4 << 20
  /// Bytes at the end that are no whole record, if nobody is there to complete it.
  ///
  /// - Parameter isLast: whether the run has no newer segment; of such a one the writer may be at work.
  func abandoned(isLast: Bool) -> Int? {
    guard tail == .incomplete, let size = tried?.size, size > offset else { return nil }
    return !isLast || header?.writer.isAlive == false ? size - offset : nil
  }

  private static let maximumMetrics = 100_000

  init(_ path: Path, _ name: SegmentName) {
    self.path = path
    self.name = name
  }

  /// Whether there is nothing new to read.
  ///
  /// A damaged tail is tried again even if size and time stay: a network file system may show the length of
  /// an append before its bytes. The tries grow rare, because most damaged tails are of killed processes.
  private mutating func isUnchanged(_ status: FileStatus) -> Bool {
    guard status.size != offset else { return true }
    guard tried == status else {
      tries = 0
      return false
    }
    guard tail == .damaged else { return true }
    tries += 1
    return tries & (tries - 1) != 0
  }

  /// Reads up to about `budget` bytes, and hands each record on.
  ///
  /// - Returns: bytes read, 0 when there is nothing more now.
  /// - Throws: ``Failure`` if the file cannot be read.
  mutating func read(budget: Int, _ take: (Item, [String]) -> Void) throws -> Int {
    let status = try FileStatus(path)
    if isUnchanged(status) { return 0 }
    let start = offset
    // Whatever the budget: the longest record fits, so that each round gets on.
    let chunk = max(min(Self.chunk, budget), RecordFrame.maximumPayload + RecordFrame.overhead)
    while offset - start < budget, offset < status.size {
      var bytes: [UInt8] = []
      let wanted = min(chunk, status.size - offset)
      var reader = try FileReader(path, at: offset)
      while bytes.count < wanted, try reader.read(into: &bytes, upTo: wanted - bytes.count) > 0 {}
      let before = offset
      parse(bytes, take)
      if offset == before {
        tried = status
        break
      }
    }
    return offset - start
  }

  /// Takes the whole records of `bytes`, which lie at `offset`.
  private mutating func parse(_ bytes: [UInt8], _ take: (Item, [String]) -> Void) {
    var place = 0
    while true {
      tail = RecordFrame.find(in: bytes, at: place)
      guard case .record(let kind, let payload, let next) = tail else { break }
      // A segment that does not begin with its header belongs to nobody.
      if header == nil, kind != RecordKind.segment.rawValue {
        tail = .damaged
        break
      }
      var reader = ByteReader(bytes, payload)
      do {
        if let item = try item(kind, &reader) { take(item, metrics) }
      } catch {
        malformed += 1
        if header == nil {
          tail = .damaged
          break
        }
      }
      place = next
    }
    offset += place
  }

  /// The content of a record; `nil` for kinds that are not known, and for names.
  private mutating func item(_ kind: UInt8, _ reader: inout ByteReader) throws(Malformed) -> Item? {
    switch RecordKind(rawValue: kind) {
    case .segment:
      guard header == nil else { throw Malformed() }
      let found = try SegmentHeader(&reader)
      header = found
      return .header(found)
    case .metric:
      guard metrics.count < Self.maximumMetrics else { throw Malformed() }
      metrics.append(try reader.text())
      return nil
    case .block: return .block(try MetricBlock(&reader, metrics: metrics.count))
    case .event: return .event(try RunEvent(&reader))
    case nil: return nil
    }
  }
}
