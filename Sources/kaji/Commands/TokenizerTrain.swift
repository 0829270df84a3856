import Base
import Formats
import Lab
import Tokenizers
import Workflows

extension Commands {
  static let tokenizerTrain = Command(
    "tokenizer train", "", "learns a tokenizer from files or corpora",
    options: [
      .value(
        "--input", "PATH...", "text files, or JSON lines with text; -: lines of standard input",
        .list),
      .value("--corpus", "NAME[:SUBSET]...", "corpora of the workspace", .list),
      .value("--vocab", "N", "ids in all"),
      .value("--out", "DIR", "the folder to write it to"),
      .value("--name", "NAME", "makes it a version of the workspace's tokenizer NAME instead"),
      .value("--model", "M", "unigram"),
      .value("--config", "FILE", "settings by SentencePiece's names, in YAML"),
    ] + unigramOptions
  ) { invocation in
    let corpora = invocation.values("--corpus")
    let inputs = invocation.values("--input")
    guard corpora.isEmpty != inputs.isEmpty else {
      throw UsageError(
        corpora.isEmpty
          ? "there is no text to learn from" : "--input and --corpus do not go together",
        remedy: "Give files with --input, or corpora with --corpus.")
    }
    let model = invocation.value("--model") ?? "unigram"
    guard model == "unigram" else {
      throw UsageError(
        "--model is '\(Sanitiser.visible(model))'", remedy: "This version trains unigram.")
    }
    var settings = UnigramSettings()
    if let file = invocation.value("--config") {
      settings = try TokenizerConfiguration.settings(Path(file))
    }
    try apply(invocation, to: &settings)
    if let vocabulary = try invocation.int("--vocab", in: 1...4_000_000) {
      settings.vocabularySize = vocabulary
    } else if !invocation.has("--config") {
      throw UsageError("--vocab is missing", remedy: "Add --vocab with the number of ids.")
    }
    if let name = invocation.value("--name") {
      guard !corpora.isEmpty, !invocation.has("--out") else {
        throw UsageError(
          "--name goes with --corpus and without --out",
          remedy: "Import the files first, or write the tokenizer to a folder with --out.")
      }
      return try trainVersion(name, corpora, settings, invocation)
    }
    let folder = Path(try invocation.required("--out"))
    let workspace = try invocation.workspaceIfAny()
    let context = try invocation.context(workspace)
    let (tokenizer, report) = try Interruption.raising(context.cancellation) {
      let texts =
        corpora.isEmpty
        ? try fileTexts(inputs, invocation)
        : try TokenizerWorkflow.texts(of: corpora, in: try invocation.workspace())
      let start = monotonicSeconds()
      let tokenizer = try TokenizerWorkflow.train(
        texts: texts, settings: settings, to: folder, context)
      let seconds = monotonicSeconds() - start
      return (tokenizer, TokenizerReport(tokenizer, texts, seconds: seconds, pool: context.pool))
    }
    if invocation.json {
      Output.json([
        "folder": JSON(folder.string), "vocabulary_size": JSON(tokenizer.count),
        "fingerprint": JSON(tokenizer.fingerprint), "pieces": JSON(tokenizer.count),
        "seconds": JSON(report.seconds), "peak_bytes": JSON(report.peakBytes),
        "tokens": JSON(report.tokens), "characters_per_token": JSON(report.charactersPerToken),
      ])
    } else {
      Output.line(
        "\(Sanitiser.visible(folder.string)): \(Format.count(tokenizer.count)) pieces, "
          + "\(Format.fixed(report.charactersPerToken, 2)) characters a token, "
          + "\(Format.fixed(report.seconds, 1)) s, \(Format.bytes(report.peakBytes)) at most")
    }
    return .done
  }

  private static func fileTexts(_ inputs: [String], _ invocation: Invocation) throws -> [String] {
    let files = inputs.filter { $0 != "-" }
    var (texts, skipped): ([String], [String]) =
      files.isEmpty ? ([], []) : try TokenizerWorkflow.texts(ofFiles: files.map { Path($0) })
    if files.count < inputs.count { texts += try TextLines("-").lines.filter { !$0.isEmpty } }
    guard !texts.isEmpty else {
      throw Failure("standard input has no text", remedy: "Write lines of text to it.")
    }
    for line in skipped { invocation.remark("kaji: warning: \(line): skipped") }
    return texts
  }

  private static func trainVersion(
    _ name: String, _ corpora: [String], _ settings: UnigramSettings, _ invocation: Invocation
  ) throws -> ExitStatus {
    let workspace = try invocation.workspace()
    let context = try invocation.context(workspace)
    let (experiment, reference) = try Interruption.raising(context.cancellation) {
      try TokenizerWorkflow.train(
        name: name, corpora: corpora, settings: settings, in: workspace, context)
    }
    let tokenizer = try TokenizerReference(reference, in: workspace)
    if invocation.json {
      Output.json([
        "experiment": JSON(experiment), "tokenizer": JSON(reference),
        "folder": JSON(workspace.relative(tokenizer.path)),
      ])
    } else {
      Output.line("\(reference): \(Format.count(try tokenizer.load().count)) pieces")
    }
    return .done
  }
}
