public import Base
import Formats
public import Lab

/// The curves of a run for other programs.
public enum RunExport {
  /// What can be written.
  public enum Form: String, CaseIterable, Sendable {
    case csv, json, svg, tensorboard

    /// The form that a file's name asks for; `nil`: it asks for none.
    public init?(naming file: String) {
      let name = Path(file).name
      if let form = [Form.csv, .json, .svg].first(where: { name.hasSuffix(".\($0.rawValue)") }) {
        self = form
      } else if name.contains(RunExport.eventsMark) {
        self = .tensorboard
      } else {
        return nil
      }
    }
  }

  /// What TensorBoard knows its files by.
  private static let eventsMark = "tfevents"

  /// Writes the curves of a run: as `csv` a table, as `json` one value with the events, as `svg` a picture of charts, as
  /// `tensorboard` a file of events.
  ///
  /// - Parameter path: nil is standard output, where TensorBoard's events are not written.
  /// - Returns: the steps written.
  /// - Throws: `Failure` if the run has no record or the file cannot be written.
  public static func write(_ folder: ExperimentFolder, as form: Form, to path: Path?) throws -> Int
  {
    let reader = try reader(folder)
    switch form {
    case .csv: return try writeTable(reader, to: try output(path))
    case .json: return try write(json(reader).text() + "\n", of: reader, to: try output(path))
    case .svg:
      return try write(svg(reader, title: folder.name), of: reader, to: try output(path))
    case .tensorboard: return try writeEvents(reader, to: path)
    }
  }

  private static func output(_ path: Path?) throws -> OutputFile {
    try path.map { try OutputFile($0) } ?? OutputFile(standardOutput: ())
  }

  private static func write(_ text: String, of reader: RunReader, to file: OutputFile) throws
    -> Int
  {
    try file.append(Array(text.utf8))
    try file.finish()
    return reader.times.count
  }

  /// Every step that counts is a row of comma-separated values: `step`, `seconds` since 1970, and a column for each
  /// metric; a cell is empty where a metric has no value, and `nan`, `inf` or `-inf` where it is none.
  private static func writeTable(_ reader: RunReader, to file: OutputFile) throws -> Int {
    try file.append(line(["step", "seconds"] + reader.metrics.map(quoted)))
    let count = try forEachStep(of: reader) { step, seconds, values in
      let cells = [String(step), Format.fixed(seconds, 3)]
      try file.append(line(cells + values.map { $0.map(text) ?? "" }))
    }
    try file.finish()
    return count
  }

  /// Every step that counts is an event, with a scalar for each metric it has; after an error nothing is left behind.
  private static func writeEvents(_ reader: RunReader, to path: Path?) throws -> Int {
    guard let path, path.name.contains(eventsMark) else {
      throw Failure(
        "TensorBoard would not find \(path?.string ?? "standard output")",
        remedy: "Name the file so that it holds \(eventsMark), as events.out.tfevents.1.")
    }
    let writer = try TensorBoardWriter(
      creating: path, wallTime: reader.times.count > 0 ? reader.times.values[0] : 0)
    do {
      let count = try forEachStep(of: reader) { step, seconds, values in
        let scalars = zip(reader.metrics, values).compactMap { name, value in
          value.map { TensorBoardEvent.Scalar(name, Float($0)) }
        }
        try writer.append(TensorBoardEvent(wallTime: seconds, step: step, scalars: scalars))
      }
      try writer.finish()
      return count
    } catch {
      try? Files.remove(path)
      throw error
    }
  }

  private static func reader(_ folder: ExperimentFolder) throws -> RunReader {
    var reader = RunReader(folder.run)
    reader.refresh()
    guard reader.hasRecord else {
      throw Failure(
        "experiment \(folder.number ?? 0) has no run", remedy: "See `kaji runs list`.")
    }
    return reader
  }

  /// Calls `body` with each step, its time in seconds since 1970, and its value of each metric.
  ///
  /// - Returns: the number of steps.
  private static func forEachStep(
    of reader: RunReader, _ body: (Int, Double, [Double?]) throws -> Void
  ) rethrows -> Int {
    let series = reader.metrics.compactMap { name in reader[name] }
    // All series go by ascending steps, so one pass with a place in each suffices.
    var places = [Int](repeating: 0, count: series.count)
    let count = reader.times.count
    for row in 0..<count {
      let step = reader.times.steps.step(at: row)
      var values: [Double?] = []
      for (index, one) in series.enumerated() {
        while places[index] < one.count, one.steps.step(at: places[index]) < step {
          places[index] += 1
        }
        let isThere = places[index] < one.count && one.steps.step(at: places[index]) == step
        values.append(isThere ? one.values[places[index]] : nil)
      }
      try body(step, reader.times.values[row], values)
    }
    return count
  }

  private static func line(_ cells: [String]) -> [UInt8] {
    Array((cells.joined(separator: ",") + "\n").utf8)
  }

  private static func text(_ value: Double) -> String {
    value.isFinite ? value.description : Format.fixed(value, 0)
  }

  /// A name as RFC 4180 has it.
  private static func quoted(_ name: String) -> String {
    guard name.contains(where: { ",\"\n\r".contains($0) }) else { return name }
    return "\"" + name.replacing("\"", with: "\"\"") + "\""
  }
}
