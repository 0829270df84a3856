public import Base
public import Lab

/// The curves of a run for other programs.
public enum RunExport {
  /// What can be written.
  public enum Format: String, CaseIterable, Sendable {
    case csv, json, svg
  }

  /// Writes the curves of a run.
  ///
  /// - Returns: the steps written.
  /// - Throws: `Failure` if the run has no record or the file cannot be written.
  public static func write(_ folder: ExperimentFolder, as format: Format, to file: OutputFile)
    throws -> Int
  {
    let reader = try read(folder)
    switch format {
    case .csv: return try table(reader, to: file)
    case .json: try file.append(Array((json(reader).text() + "\n").utf8))
    case .svg: try file.append(Array(svg(reader, title: folder.name).utf8))
    }
    try file.finish()
    return reader.times.count
  }

  private static func read(_ folder: ExperimentFolder) throws -> RunReader {
    var reader = RunReader(folder.run)
    reader.refresh()
    guard reader.hasRecord else {
      throw Failure(
        "experiment \(folder.number ?? 0) has no run", remedy: "See `kaji runs list`.")
    }
    return reader
  }

  /// Writes every step that counts as a row of comma-separated values: `step`, `seconds` since 1970, and a column
  /// for each metric; a cell is empty where a metric has no value, and `nan`, `inf` or `-inf` where it is none.
  ///
  /// - Returns: the rows written, the head not counted.
  private static func table(_ reader: RunReader, to file: OutputFile) throws -> Int {
    let series = reader.metrics.compactMap { name in reader[name] }
    let names = ["step", "seconds"] + reader.metrics.map(quoted)
    try file.append(line(names))
    // All series go by ascending steps, so one pass with a place in each suffices.
    var places = [Int](repeating: 0, count: series.count)
    let count = reader.times.count
    for row in 0..<count {
      let step = reader.times.steps.step(at: row)
      var cells = [String(step), Base.Format.fixed(reader.times.values[row], 3)]
      for (index, one) in series.enumerated() {
        while places[index] < one.count, one.steps.step(at: places[index]) < step {
          places[index] += 1
        }
        let isThere = places[index] < one.count && one.steps.step(at: places[index]) == step
        cells.append(isThere ? text(one.values[places[index]]) : "")
      }
      try file.append(line(cells))
    }
    try file.finish()
    return count
  }

  private static func line(_ cells: [String]) -> [UInt8] {
    Array((cells.joined(separator: ",") + "\n").utf8)
  }

  private static func text(_ value: Double) -> String {
    value.isFinite ? value.description : Base.Format.fixed(value, 0)
  }

  /// A name as RFC 4180 has it.
  private static func quoted(_ name: String) -> String {
    guard name.contains(where: { ",\"\n\r".contains($0) }) else { return name }
    return "\"" + name.replacing("\"", with: "\"\"") + "\""
  }
}
