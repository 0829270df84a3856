/// The metrics of many steps, packed by column.
struct MetricBlock: Equatable {
  /// The values of one metric in the rows that have it.
  struct Column: Equatable {
    /// The metric's number in its segment.
    var metric: Int
    /// For each row whether it has a value; `nil` if all have.
    var present: [Bool]?
    var values: [Double]
  }

  /// The step of each row.
  var steps: [Int] = []
  /// The time of each row, in milliseconds since 1970.
  var times: [Int] = []
  var columns: [Column] = []

  /// The payload, see docs/run-record.md.
  var payload: [UInt8] {
    var writer = ByteWriter()
    writer.put(count: steps.count)
    writer.put(count: columns.count)
    for row in [steps, times] {
      guard let first = row.first else { continue }
      writer.put(count: first)
      for (a, b) in zip(row, row.dropFirst()) { writer.put(signed: b - a) }
    }
    for column in columns {
      // Four bytes suffice for what was a Float; NaN counts as one, whatever its payload.
      let isSingle = column.values.allSatisfy { $0.isNaN || Double(Float($0)) == $0 }
      writer.put(count: column.metric)
      writer.put(byte: (isSingle ? 1 : 0) | (column.present == nil ? 0 : 2))
      if let present = column.present { writer.put(Self.packed(present)) }
      for value in column.values {
        if isSingle { writer.put(single: Float(value)) } else { writer.put(double: value) }
      }
    }
    return writer.bytes
  }

  init() {}

  /// Reads a payload.
  ///
  /// Every row takes at least two bytes and every value four, so nothing is sized by a number that the bytes
  /// at hand do not bear out.
  init(_ reader: inout ByteReader, metrics: Int) throws(Malformed) {
    let rows = try reader.count(upTo: reader.left)
    let columnCount = try reader.count(upTo: min(reader.left, metrics))
    steps = try Self.deltas(&reader, rows)
    times = try Self.deltas(&reader, rows)
    for _ in 0..<columnCount {
      let metric = try reader.count(upTo: metrics - 1)
      let flags = try reader.byte()
      guard flags <= 3 else { throw Malformed() }
      var present: [Bool]?
      var count = rows
      if flags & 2 != 0 {
        let bits = Self.unpacked(try reader.take((rows + 7) / 8), rows)
        count = bits.count { $0 }
        present = bits
      }
      let values = try flags & 1 != 0 ? reader.singles(count) : reader.doubles(count)
      columns.append(Column(metric: metric, present: present, values: values))
    }
  }

  private static func deltas(_ reader: inout ByteReader, _ count: Int) throws(Malformed) -> [Int] {
    guard count > 0 else { return [] }
    guard count <= reader.left else { throw Malformed() }
    var value = try reader.count(upTo: SegmentHeader.maximumStep)
    var values = [value]
    values.reserveCapacity(count)
    for _ in 1..<count {
      let (sum, overflow) = value.addingReportingOverflow(try reader.signed())
      guard !overflow, sum >= 0, sum <= SegmentHeader.maximumStep else { throw Malformed() }
      value = sum
      values.append(value)
    }
    return values
  }

  private static func packed(_ bits: [Bool]) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: (bits.count + 7) / 8)
    for (index, bit) in bits.enumerated() where bit { bytes[index / 8] |= 1 << UInt8(index % 8) }
    return bytes
  }

  private static func unpacked(_ bytes: ArraySlice<UInt8>, _ count: Int) -> [Bool] {
    (0..<count).map { bytes[bytes.startIndex + $0 / 8] >> UInt8($0 % 8) & 1 == 1 }
  }
}

/// The rows of a block that is still open.
struct OpenBlock {
  private var steps: [Int] = []
  private var times: [Int] = []
  /// For each metric the rows that have it, and their values.
  private var columns: [Int: (rows: [Int], values: [Double])] = [:]
  /// About how many bytes the payload will have.
  private(set) var size = 0

  var isEmpty: Bool { steps.isEmpty }
  var lastStep: Int? { steps.max() }

  /// Adds a row: `values` belong to the metrics of the same places in `metrics`.
  mutating func append(step: Int, time: Int, metrics: [Int], values: [Double]) {
    let row = steps.count
    steps.append(step)
    times.append(time)
    for (metric, value) in zip(metrics, values) {
      var column = columns.removeValue(forKey: metric) ?? ([], [])
      // Of two values for one metric in one row the later holds.
      if column.rows.last == row { column.values.removeLast() } else { column.rows.append(row) }
      column.values.append(value)
      columns[metric] = column
    }
    size += 8 + 9 * values.count
  }

  /// The packed block; the open one is empty afterwards.
  mutating func close() -> MetricBlock {
    var block = MetricBlock()
    block.steps = steps
    block.times = times
    for (metric, column) in columns.sorted(by: { $0.key < $1.key }) {
      var present: [Bool]?
      if column.rows.count < steps.count {
        var bits = [Bool](repeating: false, count: steps.count)
        for row in column.rows { bits[row] = true }
        present = bits
      }
      block.columns.append(.init(metric: metric, present: present, values: column.values))
    }
    self = OpenBlock()
    return block
  }
}
