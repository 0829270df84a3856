public import Base
import Formats
public import Lab

/// The curves of a run for other programs.
public enum RunExport {
  /// What can be written.
  public enum Form: String, CaseIterable, Sendable {
    case csv, json, svg, tensorboard
  }

  /// Writes the curves and events as one JSON value, or as a picture of charts.
  ///
  /// - Returns: the steps written.
  /// - Throws: `Failure` if the run has no record or the file cannot be written.
  public static func write(_ folder: ExperimentFolder, as form: Form, to file: OutputFile) throws
    -> Int
  {
    guard form == .json || form == .svg else { return try write(folder, to: file) }
    let reader = try reader(folder)
    let text = form == .json ? json(reader).text() + "\n" : svg(reader, title: folder.name)
    try file.append(Array(text.utf8))
    try file.finish()
    return reader.times.count
  }

  /// Writes every step that counts as a row of comma-separated values: `step`, `seconds` since 1970, and a column
  /// for each metric; a cell is empty where a metric has no value, and `nan`, `inf` or `-inf` where it is none.
  ///
  /// - Returns: the rows written, the head not counted.
  /// - Throws: `Failure` if the run has no record or the file cannot be written.
  public static func write(_ folder: ExperimentFolder, to file: OutputFile) throws -> Int {
    let reader = try reader(folder)
    try file.append(line(["step", "seconds"] + reader.metrics.map(quoted)))
    let count = try forEachStep(of: reader) { step, seconds, values in
      let cells = [String(step), Format.fixed(seconds, 3)]
      try file.append(line(cells + values.map { $0.map(text) ?? "" }))
    }
    try file.finish()
    return count
  }

  /// Writes every step that counts as an event of a TensorBoard file, with a scalar for each metric it has.
  ///
  /// - Parameter path: nothing may be there; TensorBoard finds files whose names hold `tfevents`.
  /// - Returns: the events written.
  /// - Throws: `Failure` if the run has no record or the file cannot be written; nothing is left behind then.
  public static func writeEvents(_ folder: ExperimentFolder, to path: Path) throws -> Int {
    guard path.name.contains("tfevents") else {
      throw Failure(
        "TensorBoard would not find \(path)",
        remedy: "Name the file so that it holds tfevents, as events.out.tfevents.1.")
    }
    let reader = try reader(folder)
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
