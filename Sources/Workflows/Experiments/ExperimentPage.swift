public import Base
public import Lab

/// An experiment as a page of Markdown, with its curves as a picture beside it.
public enum ExperimentPage {
  /// Writes `FILE.md`, and `FILE.svg` if the experiment has a run.
  ///
  /// - Returns: the files written.
  /// - Throws: `Failure` if the experiment cannot be read or a file cannot be written.
  public static func write(_ number: Int, in workspace: Workspace, to file: Path) throws -> [Path] {
    let experiments = Experiments(workspace)
    let experiment = try experiments.find(number)
    var reader = RunReader(experiment.folder.run)
    reader.refresh()
    let picture = file.parent / (file.stem + ".svg")
    var files = [file]
    if reader.hasRecord {
      try Files.write(RunExport.svg(reader, title: experiment.folder.name), to: picture)
      files.append(picture)
    }
    let page = try text(
      experiment, experiments.state(of: experiment), reader,
      picture: reader.hasRecord ? picture.name : nil)
    try Files.write(page, to: file)
    return files
  }

  private static func text(
    _ experiment: Experiment, _ state: RunState, _ reader: RunReader, picture: String?
  ) throws -> String {
    var lines = ["# \(plain(experiment.folder.name))", ""]
    if experiment.title != experiment.slug { lines += [plain(experiment.title), ""] }
    if !experiment.purpose.isEmpty { lines += [plain(experiment.purpose), ""] }
    lines += table(
      ["", ""],
      facts(experiment, state, reader).map { [$0.0, $0.1] })
    if let picture { lines += ["", "## Curves", "", "![curves](\(picture))"] }
    lines += metrics(reader) + events(reader) + (try scores(experiment))
    if !experiment.notes.isEmpty {
      lines += ["", "## Notes", ""]
      lines += experiment.notes.map { "- \($0.time), \(plain($0.author)): \(plain($0.text))" }
    }
    if Files.exists(experiment.folder.config) {
      let config = Sanitiser.visible(
        try Files.readText(experiment.folder.config), keepingNewlines: true)
      // Longer than any row of backticks within.
      lines += ["", "## Configuration", "", "````yaml", config, "````"]
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func facts(
    _ experiment: Experiment, _ state: RunState, _ reader: RunReader
  ) -> [(String, String)] {
    let provenance = experiment.provenance
    var facts = [
      ("kind", experiment.kind.rawValue), ("state", state.rawValue), ("owner", experiment.owner),
      ("created", experiment.created), ("links", experiment.links.joined(separator: ", ")),
      ("kaji", "\(provenance.version) \(provenance.commit)"), ("host", provenance.host),
      ("processor", "\(provenance.cpu), \(provenance.threads) threads"),
    ]
    if let last = reader.lastStep { facts.append(("steps", Format.count(last))) }
    facts += provenance.hashes.sorted { $0.key < $1.key }.map { ("\($0.key) SHA-256", $0.value) }
    return facts.filter { $0.1.contains { !$0.isWhitespace } }
  }

  private static func metrics(_ reader: RunReader) -> [String] {
    let rows = reader.metrics.compactMap { name -> [String]? in
      guard let summary = reader[name]?.summary else { return nil }
      func number(_ value: Double?) -> String {
        value.map { Format.significant($0, 5) } ?? "-"
      }
      return [
        "`\(name)`", number(summary.last), number(summary.minimum), number(summary.maximum),
        Format.count(summary.nonFinite),
      ]
    }
    guard !rows.isEmpty else { return [] }
    return ["", "## Metrics", ""] + table(["metric", "last", "least", "most", "not finite"], rows)
  }

  private static func events(_ reader: RunReader) -> [String] {
    let rows = reader.events.filter { !$0.isSuperseded }.map {
      [Format.count($0.step), $0.kind.rawValue, $0.text]
    }
    guard !rows.isEmpty else { return [] }
    return ["", "## Events", ""] + table(["step", "kind", "what"], rows)
  }

  private static func scores(_ experiment: Experiment) throws -> [String] {
    let found = ScoreTable(try Scores(experiment.folder.scores).results())
    guard !found.models.isEmpty else { return [] }
    let rows = zip(found.models, found.rows).map { model, values in
      [model.name] + values.map { $0.map { Format.fixed($0, 3) } ?? "--" }
    }
    return ["", "## Scores", ""] + table(["model"] + found.columns, rows)
  }

  /// A table of Markdown; what is in cells cannot end them.
  static func table(_ head: [String], _ rows: [[String]]) -> [String] {
    func line(_ cells: [String]) -> String {
      "| " + cells.map { plain($0).replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
    }
    return [line(head), "|" + String(repeating: "---|", count: head.count)] + rows.map(line)
  }

  /// Text on one line that is no markup of HTML.
  private static func plain(_ text: String) -> String {
    Sanitiser.visible(text).replacing("\n", with: " ").replacing("<", with: "&lt;")
  }
}
