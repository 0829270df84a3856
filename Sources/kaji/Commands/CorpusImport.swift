import Base
import Corpus
import Lab
import Workflows

extension Commands {
  static let corpusImport = Command(
    "corpus import", "NAME PATH...", "brings files into a corpus; - is standard input",
    options: [
      .value("--subset", "S", "the subset the documents belong to"),
      .value("--language", "L", "their language, as ja"),
      .value("--level", "LEVEL", "what may be done with them: L1, L2, L3, LX or LZ"),
      .value("--format", "F", "auto (by name and content), or \(formatNames)"),
      .value("--manifest", "FILE", "a corpus.json that says all this of each file"),
    ], count: 1...Int.max
  ) { invocation in
    let workspace = try invocation.workspace()
    let context = try invocation.context(workspace)
    let name = invocation.arguments[0]
    let report = try Interruption.raising(context.cancellation) {
      let input = SpooledInput(context.cancellation)
      let sources = try importSources(invocation, input)
      return try input.naming {
        try CorpusWorkflow.importSources(sources, as: name, in: workspace, context)
      }
    }
    for warning in report.warnings { invocation.remark("kaji: warning: \(warning)") }
    let version = versionName(report.version.version)
    if invocation.json {
      Output.json([
        "name": JSON(name), "version": JSON(version), "documents": JSON(report.documents),
        "malformed": JSON(report.malformed), "repaired": JSON(report.repaired),
        "known": .array(report.known.map { JSON($0.string) }),
        "unchanged": JSON(report.isUnchanged),
        "folder": JSON(workspace.relative(report.version.folder)),
      ])
    } else if report.isUnchanged {
      Output.line("nothing new: \(name)@\(version) holds these files already")
    } else {
      var text = "\(name)@\(version): \(Format.count(report.documents)) documents added"
      if report.malformed > 0 { text += ", \(Format.count(report.malformed)) lines skipped" }
      if report.repaired > 0 { text += ", \(Format.count(report.repaired)) lines mended" }
      if !report.known.isEmpty { text += ", \(report.known.count) files known already" }
      Output.line(text)
    }
    return .done
  }

  private static let formatNames = ImportSource.Format.allCases.filter { $0 != .auto }
    .map(\.rawValue).joined(separator: ", ")

  private static func importSources(
    _ invocation: Invocation, _ input: SpooledInput
  ) throws -> [ImportSource] {
    let paths = invocation.arguments.dropFirst()
    if let manifest = invocation.value("--manifest") {
      let others = ["--subset", "--language", "--level", "--format"].filter(invocation.has)
      guard paths.isEmpty, others.isEmpty else {
        throw UsageError(
          "--manifest goes with no \(others.first ?? "PATH")",
          remedy: "The manifest lists the files and what they are.")
      }
      guard manifest != "-" else {
        throw UsageError(
          "--manifest is '-'",
          remedy: "Name a file: the paths in a manifest are relative to its folder.")
      }
      return try ImportSource.manifest(Path(manifest))
    }
    guard !paths.isEmpty else {
      throw UsageError(
        "'kaji corpus import' got no PATH", remedy: "Name files or folders, or use --manifest.")
    }
    let subset = try invocation.required("--subset")
    let language = try invocation.required("--language")
    _ = try invocation.required("--level")
    guard let level: ReleaseLevel = try invocation.choice("--level") else {
      preconditionFailure("an option that is there has a value")
    }
    let format: ImportSource.Format = try invocation.choice("--format") ?? .auto
    guard paths.count(where: { $0 == "-" }) <= 1 else {
      throw UsageError("'-' is there twice", remedy: "Standard input is read once.")
    }
    return try paths.flatMap { path in
      guard path == "-" else {
        return try ImportSource.paths(
          [Path(path)], subset: subset, language: language, level: level, format: format)
      }
      var source = ImportSource(
        try input.file(), subset: subset, language: language, level: level,
        format: format == .auto ? .jsonl : format)
      source.label = SpooledInput.name
      return [source]
    }
  }
}
