public import Base

/// Reads the record of a run, and goes on reading as it grows.
///
/// All segments of `run/` are merged: of each step the newest segment that covers it counts. A segment that
/// goes on from step s supersedes whatever older ones hold of later steps, from the moment it begins.
public struct RunReader: Sendable {
  /// The run's `run/`.
  public let folder: Path
  /// The metrics in the order in which they first appeared.
  public private(set) var metrics: [String] = []
  /// All events in the order of their segments; see ``RunEvent/isSuperseded``.
  public private(set) var events: [RunEvent] = []
  /// What could not be read, one line each.
  public private(set) var problems: [String] = []

  private var numbers: [String: Int] = [:]
  private var series: [Series] = []
  private var dim: [[Point]] = []
  /// The time of each step in seconds since 1970.
  public private(set) var times = Series()
  private var segments: [SegmentReader] = []
  /// How many of the segments, from the oldest, have been merged at least in part.
  private var started = 0
  /// Headers of the merged segments, by their place.
  private var headers: [SegmentHeader?] = []
  /// Whether something came that belongs before what is merged already.
  private var isOutOfOrder = false
  private var lastMilliseconds = 0

  /// Makes a reader; nothing is read before ``refresh(budget:)``.
  public init(_ folder: Path) { self.folder = folder }

  /// Points of a metric, each step once.
  public subscript(metric: String) -> Series? { numbers[metric].map { series[$0] } }

  /// Points of a metric that a resume or rollback superseded, to be drawn dim and not counted.
  public func superseded(_ metric: String) -> [Point] { numbers[metric].map { dim[$0] } ?? [] }

  /// The newest step of any metric that counts.
  public var lastStep: Int? { times.lastStep }

  /// When the newest record was made, by the writer's clock.
  public var lastRecord: Timestamp? {
    lastMilliseconds > 0 ? Timestamp(seconds: Double(lastMilliseconds) / 1000) : nil
  }

  /// Headers of the segments read so far, oldest first.
  public var segmentHeaders: [SegmentHeader] { headers.compactMap { $0 } }

  /// Reads what is new.
  ///
  /// - Parameter budget: bytes after which to come back although there is more; call again then.
  /// - Returns: whether anything was read.
  @discardableResult
  public mutating func refresh(budget: Int = .max) -> Bool {
    problems.removeAll()
    findSegments()
    let didRead = readSegments(budget)
    guard isOutOfOrder else { return didRead }
    // An older segment showed steps late that newer ones do not supersede: a rare thing of network file
    // systems, and of segments copied in. Everything is merged anew.
    self = RunReader(folder)
    findSegments()
    _ = readSegments(budget)
    isOutOfOrder = false
    return true
  }

  private mutating func readSegments(_ budget: Int) -> Bool {
    var left = budget
    var didRead = false
    for index in segments.indices {
      // Taken out meanwhile, so that its arrays are not copied.
      var segment = segments[index]
      do {
        let count = try segment.read(budget: left) { item, names in take(item, names, index) }
        didRead = didRead || count > 0
        left -= count
      } catch {
        problems.append(oneLine(error))
      }
      note(segment, isLast: index == segments.count - 1)
      segments[index] = segment
      if left <= 0 { break }
    }
    return didRead
  }

  private mutating func note(_ segment: SegmentReader, isLast: Bool) {
    if let bytes = segment.abandoned(isLast: isLast) {
      problems.append(
        "\(segment.path): ends within a record; its last \(bytes) bytes are left out")
    }
    if segment.tail == .damaged {
      problems.append(
        "\(segment.path): damaged after \(segment.offset) bytes; the rest is left out")
    }
    if segment.malformed > 0 {
      problems.append(
        "\(segment.path): \(segment.malformed) records make no sense and are left out")
    }
  }

  private mutating func findSegments() {
    guard Files.isDirectory(folder), let names = try? Files.list(folder) else { return }
    let known = Set(segments.map(\.name.text))
    var isNew = false
    for case let name? in names.map({ SegmentName($0) }) where !known.contains(name.text) {
      let segment = SegmentReader(folder / name.text, name)
      let place = segments.firstIndex { name < $0.name } ?? segments.count
      segments.insert(segment, at: place)
      headers.insert(nil, at: place)
      if place < started { isNew = true }
    }
    if isNew { isOutOfOrder = true }
  }

  /// The step above which the merged segments after `index` supersede.
  private func bound(after index: Int) -> Int {
    headers[(index + 1)...].reduce(.max) { min($0, $1?.from ?? .max) }
  }

  private mutating func take(_ item: SegmentReader.Item, _ names: [String], _ index: Int) {
    started = max(started, index + 1)
    switch item {
    case .header(let header):
      headers[index] = header
      if bound(after: index) < .max { isOutOfOrder = true }
      cut(after: header.from)
    case .event(var event):
      let bound = bound(after: index)
      event.isSuperseded = event.toldAt > bound
      if bound < .max, !event.isSuperseded { isOutOfOrder = true }
      lastMilliseconds = max(lastMilliseconds, event.milliseconds)
      events.append(event)
    case .block(let block): take(block, names, bound(after: index))
    }
  }

  private mutating func cut(after step: Int) {
    for metric in series.indices { dim[metric] += series[metric].cut(after: step) }
    _ = times.cut(after: step)
    for index in events.indices where events[index].toldAt > step {
      events[index].isSuperseded = true
    }
  }

  private mutating func take(_ block: MetricBlock, _ names: [String], _ bound: Int) {
    if bound < .max, block.steps.contains(where: { $0 <= bound }) { isOutOfOrder = true }
    for (step, time) in zip(block.steps, block.times) where step <= bound {
      if step > times.steps.last { times.append(step: step, Double(time) / 1000) }
    }
    lastMilliseconds = max(lastMilliseconds, block.times.last ?? 0)
    for column in block.columns {
      take(column, block.steps, number(of: names[column.metric]), bound)
    }
  }

  private mutating func take(
    _ column: MetricBlock.Column, _ steps: [Int], _ metric: Int, _ bound: Int
  ) {
    var next = 0
    for (row, step) in steps.enumerated() {
      if let present = column.present, !present[row] { continue }
      let value = column.values[next]
      next += 1
      if step > bound {
        dim[metric].append(Point(step: step, value: value))
        continue
      }
      // A step that comes again within a segment takes the place of the earlier ones from it on.
      if step <= series[metric].steps.last { dim[metric] += series[metric].cut(after: step - 1) }
      series[metric].append(step: step, value)
    }
  }

  private mutating func number(of name: String) -> Int {
    if let number = numbers[name] { return number }
    numbers[name] = metrics.count
    metrics.append(name)
    series.append(Series())
    dim.append([])
    return metrics.count - 1
  }
}
