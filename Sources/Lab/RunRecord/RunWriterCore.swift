import Base
import Synchronization

/// The state behind a ``RunWriter``, shared with its timer.
final class RunWriterCore: Sendable {
  /// The longest that a value waits in memory, in seconds.
  static let blockSeconds = 1.0
  /// The size at which a block closes, in bytes.
  static let blockBytes = 64 << 10

  private struct State {
    /// The step that the segment goes on from.
    var from: Int
    /// The last step whose values are in a file: what a segment after a torn one goes on from.
    var written: Int
    var file: AppendFile?
    /// All metrics so far, by number; every segment names them again.
    var names: [String] = []
    var numbers: [String: Int] = [:]
    var block = OpenBlock()
    var blockOpened = 0.0
    /// Whole records that are not in a file yet, and the last step among them.
    var unwritten: [UInt8] = []
    var unwrittenStep: Int?
    var problem: Failure?
  }

  private let folder: Path
  private let writer: ProcessIdentity
  private let job: String
  private let state: Mutex<State>

  init(_ folder: Path, from step: Int, writer: ProcessIdentity, job: String) {
    self.folder = folder
    self.writer = writer
    self.job = job
    state = Mutex(State(from: step, written: step))
  }

  var problem: Failure? { state.withLock { $0.problem } }

  func record(step: Int, _ values: [(name: String, value: Double)], milliseconds: Int) {
    guard step >= 0, !values.isEmpty else { return }
    state.withLock { state in
      let metrics = values.map { number(of: $0.name, &state) }
      if state.block.isEmpty { state.blockOpened = monotonicSeconds() }
      state.block.append(
        step: step, time: milliseconds, metrics: metrics, values: values.map(\.value))
      if state.block.size >= Self.blockBytes
        || monotonicSeconds() - state.blockOpened >= Self.blockSeconds
      {
        try? write(&state, sync: false)
      }
    }
  }

  func event(_ event: RunEvent) {
    state.withLock { state in
      closeBlock(&state)
      state.unwritten += RecordFrame.bytes(.event, event.fitting.payload)
      try? write(&state, sync: event.kind == .checkpoint || event.kind == .end)
    }
  }

  func flush(sync: Bool) throws {
    try state.withLock { state in try write(&state, sync: sync) }
  }

  func rollBack(to step: Int) throws {
    try state.withLock { state in
      try write(&state, sync: false)
      state.file?.close()
      state.file = nil
      (state.from, state.written) = (step, step)
      try write(&state, sync: false)
    }
  }

  /// The number of a metric in this process's segments; a new one is named in the record first.
  private func number(of name: String, _ state: inout State) -> Int {
    if let number = state.numbers[name] { return number }
    let number = state.names.count
    state.names.append(name)
    state.numbers[name] = number
    state.unwritten += Self.nameRecord(name)
    return number
  }

  private static func nameRecord(_ name: String) -> [UInt8] {
    var writer = ByteWriter()
    writer.put(text: name)
    return RecordFrame.bytes(.metric, writer.bytes)
  }

  private func closeBlock(_ state: inout State) {
    guard let last = state.block.lastStep else { return }
    state.unwrittenStep = max(last, state.unwrittenStep ?? 0)
    state.unwritten += RecordFrame.bytes(.block, state.block.close().payload)
  }

  /// Appends everything to the segment; begins one if there is none.
  private func write(_ state: inout State, sync: Bool) throws {
    closeBlock(&state)
    do {
      if state.file == nil {
        // Named metrics come with the segment: those that wait among the unwritten would come twice.
        let names = state.names.flatMap(Self.nameRecord)
        state.unwritten = Self.withoutNames(state.unwritten)
        state.file = try begin(from: state.from, names)
      }
      if !state.unwritten.isEmpty {
        try state.file?.append(state.unwritten)
        state.unwritten.removeAll(keepingCapacity: true)
        state.written = max(state.written, state.unwrittenStep ?? 0)
        state.unwrittenStep = nil
      }
      if sync { try state.file?.sync() }
      state.problem = nil
    } catch {
      state.file?.close()
      state.file = nil
      state.from = state.written
      let failure = (error as? Failure) ?? Failure("\(error)", remedy: "")
      state.problem = failure
      throw failure
    }
  }

  /// Makes the next segment, with its header and the metrics' names.
  private func begin(from step: Int, _ names: [UInt8]) throws -> AppendFile {
    let taken = try Files.list(folder).compactMap { SegmentName($0)?.number }.max() ?? 0
    let path = folder / SegmentName.make(taken + 1, writer)
    let header = SegmentHeader(
      from: step, time: Timestamp.now().seconds, writer: writer, job: job)
    let file = try AppendFile(creating: path)
    do {
      try file.append(RecordFrame.bytes(.segment, header.payload) + names)
      // What is synced later is lost with the machine all the same if its name is.
      try Files.sync(folder)
    } catch {
      // On a full disk a new file may still be made: do not leave one behind at every try.
      file.close()
      try? Files.remove(path)
      throw error
    }
    return file
  }

  private static func withoutNames(_ bytes: [UInt8]) -> [UInt8] {
    var kept: [UInt8] = []
    var place = 0
    while case .record(let kind, _, let next) = RecordFrame.find(in: bytes, at: place) {
      if kind != RecordKind.metric.rawValue { kept += bytes[place..<next] }
      place = next
    }
    return kept
  }
}

extension RunEvent {
  /// The event with its parts cut to what a record holds.
  fileprivate var fitting: RunEvent {
    var event = self
    event.step = max(0, step)
    if text.utf8.count > 1 << 16 {
      event.text = String(decoding: text.utf8.prefix(1 << 16), as: UTF8.self) + "…"
    }
    if data != .null, data.text().utf8.count > 1 << 19 { event.data = ["cut": true] }
    return event
  }
}
